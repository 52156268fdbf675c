import { acceptInvite } from "../../chat/openings";
import { t } from "../../i18n/i18n";
import { navigate, type Places } from "../../shell/router";
import { Awaited } from "../../ui/Awaited";
import { useAsked, useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Page } from "../../ui/Page";
import { ask } from "../../wire/http";
import { GroupCard } from "./GroupCard";

/** What a link leads to, before one takes it. */
export default function InvitePage({ places }: { places: Places }) {
  const token = places.token ?? "";
  const invite = useAsked(() => ask("get", "/api/chat/invites/{token}", { path: { token } }), [token]);
  const doing = useDoing();
  const enter = async () => navigate(`/c/${await acceptInvite(token)}`, { replace: true });
  return (
    <Page title={t("invite.title")} back="/" always>
      <p>{t("invite.text")}</p>
      <Complaint of={doing} />
      <Awaited of={invite} ghosts={1}>
        {(group) => (
          <div class="panel">
            <GroupCard group={group} picture={group.joined}>
              {group.joined ? (
                <a class="button" href={`/c/${group.id}`}>
                  {t("groups.open")}
                </a>
              ) : (
                <Button busy={doing.busy} onClick={() => void doing.act(enter)}>
                  {t("groups.join")}
                </Button>
              )}
            </GroupCard>
          </div>
        )}
      </Awaited>
    </Page>
  );
}
