"""The worker tier: everything that happens after an answer, before an event, or at a time of day.

broker      taskiq over Redis streams
errands     what surrounds every task: origin, figures, a note when it fails
drains      the drains of all inboxes
timetable   what runs when
main        entry points for the taskiq command: `taskiq worker app.workers.main:broker`
"""
