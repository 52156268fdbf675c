"""What workers do with one's own data. Both tasks also run every minute, which makes good a lost bell.

exports   put archives together
erasures  remove the traces of closed accounts
ringing   the bells
"""
