"""Everything that can be asked of the web application: by HTTP, and over sockets."""

from collections.abc import Sequence
from importlib.metadata import version

from litestar import get
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from app.apidocs.routes import doc_pages
from app.domain.accounts.controllers.entry import Entry
from app.domain.accounts.controllers.mailed import Mailed
from app.domain.accounts.controllers.profile import OwnProfile, OwnSessions
from app.domain.bots.controllers.bots import BotController, KeyController
from app.domain.bots.controllers.incoming import HookController, IncomingWebhookController
from app.domain.bots.controllers.outgoing import OutgoingWebhookController
from app.domain.chat.controllers.attachments import AttachmentController
from app.domain.chat.controllers.conversations import ConversationController
from app.domain.chat.controllers.groups import GroupController
from app.domain.chat.controllers.invites import InviteController
from app.domain.chat.controllers.members import MemberController
from app.domain.chat.controllers.messages import MessageController
from app.domain.chat.controllers.pictures import PictureController
from app.domain.chat.controllers.reading import ReadingController
from app.domain.chat.listeners import conversation_socket
from app.domain.files.controllers.avatars import AvatarController
from app.domain.files.controllers.uploads import FileController
from app.domain.game.controllers.games import GameController
from app.domain.game.controllers.leaderboards import AchievementController, LeaderboardController
from app.domain.game.controllers.plays import PlayController
from app.domain.game.controllers.proofs import ProofController
from app.domain.game.controllers.rounds import RoundController
from app.domain.game.controllers.sharing import SharingController
from app.domain.game.listeners import game_socket
from app.domain.live.listeners.opening import everything_socket
from app.domain.lottery.controllers.ballots import BallotController
from app.domain.lottery.controllers.dealers import DealerController
from app.domain.lottery.controllers.dealing import DealingController
from app.domain.lottery.controllers.draws import DrawController
from app.domain.lottery.controllers.interventions import InterventionController
from app.domain.lottery.controllers.log import LogController
from app.domain.lottery.controllers.lotteries import LotteriesController
from app.domain.moderation.controllers.audit import AuditController
from app.domain.moderation.controllers.people import AccountController
from app.domain.moderation.controllers.queue import ReportQueueController
from app.domain.moderation.controllers.reports import ReportController
from app.domain.mydata.controllers import ErasureController, ExportController
from app.domain.notices.controllers.notifications import NotificationController
from app.domain.notices.controllers.preferences import PreferenceController
from app.domain.notices.controllers.push import PushController
from app.domain.presence.controllers import PresenceController
from app.domain.search.controllers import SearchController
from app.domain.social.controllers.blocks import BlockController
from app.domain.social.controllers.friends import FriendController
from app.domain.social.controllers.people import PeopleController
from app.domain.social.controllers.privacy import PrivacyController
from app.health import HealthController
from app.operation.controllers import QueueController, expose_metrics, staff_pages

HTTP = [
    Entry,
    Mailed,
    OwnProfile,
    OwnSessions,
    PlayController,
    GameController,
    ProofController,
    SharingController,
    RoundController,
    ConversationController,
    MessageController,
    ReadingController,
    SearchController,
    GroupController,
    MemberController,
    PictureController,
    InviteController,
    FriendController,
    BlockController,
    PeopleController,
    PrivacyController,
    PresenceController,
    FileController,
    AvatarController,
    AttachmentController,
    LeaderboardController,
    AchievementController,
    DrawController,
    BallotController,
    DealerController,
    DealingController,
    LogController,
    InterventionController,
    LotteriesController,
    ExportController,
    ErasureController,
    BotController,
    KeyController,
    IncomingWebhookController,
    OutgoingWebhookController,
    HookController,
    ReportController,
    ReportQueueController,
    AccountController,
    AuditController,
    NotificationController,
    PushController,
    PreferenceController,
    HealthController,
    QueueController,
]
SOCKETS = [everything_socket, conversation_socket, game_socket]


class Welcome(Struct):
    name: str
    version: str
    docs: str
    health: str


@get("/", exclude_from_auth=True, include_in_schema=False)
async def welcome() -> Welcome:
    return Welcome("Parlour", version("parlour"), "/docs", "/health")


def routes(public_url: str) -> Sequence[ControllerRouterHandler]:
    return [*HTTP, *SOCKETS, *doc_pages(public_url), *staff_pages(), expose_metrics, welcome]
