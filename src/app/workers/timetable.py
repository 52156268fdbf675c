"""What runs when. Times are UTC; every entry may be late, skipped or doubled without harm."""

from taskiq import ScheduledTask, ScheduleSource

from app.domain.chat.tasks import forget
from app.domain.files.tasks import collect_files, sweep_store
from app.domain.game.tasks.rounds import end_rounds, forget_rounds
from app.domain.lottery.tasks import reconcile
from app.domain.mydata.tasks.erasures import erase_accounts
from app.domain.mydata.tasks.exports import export_data
from app.domain.notices.tasks.digests import send_digests
from app.domain.notices.tasks.mail import deliver_mail
from app.domain.notices.tasks.pushes import deliver_pushes, tidy
from app.domain.search.tasks import forget_entries

EVERY_MINUTE = "* * * * *"
EVERY_QUARTER = "*/15 * * * *"
"""All zones differ from UTC by quarters of an hour, so this meets eight o'clock in each."""

EVERY_TEN_MINUTES = "*/10 * * * *"
EVERY_HOUR = "30 * * * *"
EVERY_DAY = "45 4 * * *"

TIMETABLE = (
    ScheduledTask(task_name=reconcile.task_name, labels={}, args=[], kwargs={}, cron=EVERY_MINUTE),
    ScheduledTask(task_name=reconcile.task_name, labels={}, args=[], kwargs={"catch_up": True}, cron=EVERY_HOUR),
    ScheduledTask(task_name=end_rounds.task_name, labels={}, args=[], kwargs={}, cron=EVERY_MINUTE),
    ScheduledTask(task_name=forget_rounds.task_name, labels={}, args=[], kwargs={}, cron=EVERY_HOUR),
    ScheduledTask(task_name=forget.task_name, labels={}, args=[], kwargs={}, cron=EVERY_HOUR),
    ScheduledTask(task_name=forget_entries.task_name, labels={}, args=[], kwargs={}, cron=EVERY_HOUR),
    ScheduledTask(task_name=deliver_mail.task_name, labels={}, args=[], kwargs={}, cron=EVERY_MINUTE),
    ScheduledTask(task_name=export_data.task_name, labels={}, args=[], kwargs={}, cron=EVERY_MINUTE),
    ScheduledTask(task_name=erase_accounts.task_name, labels={}, args=[], kwargs={}, cron=EVERY_MINUTE),
    ScheduledTask(task_name=deliver_pushes.task_name, labels={}, args=[], kwargs={}, cron=EVERY_MINUTE),
    ScheduledTask(task_name=send_digests.task_name, labels={}, args=[], kwargs={}, cron=EVERY_QUARTER),
    ScheduledTask(task_name=tidy.task_name, labels={}, args=[], kwargs={}, cron=EVERY_HOUR),
    ScheduledTask(task_name=collect_files.task_name, labels={}, args=[], kwargs={}, cron=EVERY_TEN_MINUTES),
    ScheduledTask(task_name=sweep_store.task_name, labels={}, args=[], kwargs={}, cron=EVERY_DAY),
)


class Timetable(ScheduleSource):
    async def get_schedules(self) -> list[ScheduledTask]:
        return list(TIMETABLE)
