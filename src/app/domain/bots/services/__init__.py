"""What bots and webhooks do, whoever asks.

bots        whose a bot is, its keys, its end
incoming    URLs that speak in a conversation
outgoing    receivers of a conversation's events, and how they are looked after
deliveries  which receiver is due, and what became of a delivery
parcels     what is sent: body, headers, signatures
couriers    sending it, to public addresses alone
"""
