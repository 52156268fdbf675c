"""The group's webhooks, looked after by its owner and admins."""

from tests.authorisation.answers import everyone, stewards
from tests.authorisation.row import Row

HOOKS = "/api/chat/conversations/{group}/webhooks"
ONE = f"{HOOKS}/outgoing/{{outgoing_webhook}}"

ROWS = [
    Row("listIncomingWebhooks", f"GET {HOOKS}/incoming", stewards(200)),
    Row("createIncomingWebhook", f"POST {HOOKS}/incoming", stewards(201), {"name": "{new_name}"}),
    Row("deleteIncomingWebhook", f"DELETE {HOOKS}/incoming/{{fresh_incoming_webhook}}", stewards(204)),
    Row("sayThroughWebhook", "POST /api/hooks/{hook_secret}", everyone(201), {"text": "hello"}),
    Row("listOutgoingWebhooks", f"GET {HOOKS}/outgoing", stewards(200)),
    Row(
        "createOutgoingWebhook",
        f"POST {HOOKS}/outgoing",
        stewards(201),
        {"url": "{receiver}", "events": ["message.deleted"]},
    ),
    Row("changeOutgoingWebhook", f"PATCH {ONE}", stewards(200), {"events": ["message.deleted"]}),
    Row("deleteOutgoingWebhook", f"DELETE {HOOKS}/outgoing/{{fresh_outgoing_webhook}}", stewards(204)),
    Row("enableOutgoingWebhook", f"POST {ONE}/enable", stewards(200)),
    Row("disableOutgoingWebhook", f"POST {ONE}/disable", stewards(200)),
    Row("testOutgoingWebhook", f"POST {ONE}/test", stewards(202)),
    Row("rotateOutgoingWebhookSecret", f"POST {ONE}/secret", stewards(200)),
    Row("listDeliveries", f"GET {ONE}/deliveries", stewards(200)),
]
