"""What runs when. Times are UTC; every entry may be late, skipped or doubled without harm."""

from taskiq import ScheduledTask, ScheduleSource

from app.domain.lottery.tasks import reconcile
from app.domain.mydata.tasks.erasures import erase_accounts
from app.domain.mydata.tasks.exports import export_data
from app.domain.notices.tasks import deliver_mail

EVERY_MINUTE = "* * * * *"
EVERY_HOUR = "30 * * * *"

TIMETABLE = (
    ScheduledTask(task_name=reconcile.task_name, labels={}, args=[], kwargs={}, cron=EVERY_MINUTE),
    ScheduledTask(task_name=reconcile.task_name, labels={}, args=[], kwargs={"catch_up": True}, cron=EVERY_HOUR),
    ScheduledTask(task_name=deliver_mail.task_name, labels={}, args=[], kwargs={}, cron=EVERY_MINUTE),
    ScheduledTask(task_name=export_data.task_name, labels={}, args=[], kwargs={}, cron=EVERY_MINUTE),
    ScheduledTask(task_name=erase_accounts.task_name, labels={}, args=[], kwargs={}, cron=EVERY_MINUTE),
)


class Timetable(ScheduleSource):
    async def get_schedules(self) -> list[ScheduledTask]:
        return list(TIMETABLE)
