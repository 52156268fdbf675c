import { t } from "../../i18n/i18n";
import { Choice } from "./Choice";

export const GAMES = [null, "number", "dice"] as const;
/** Null for all of them. */
export type Game = (typeof GAMES)[number];

export function GameChoice({ chosen, choose }: { chosen: Game; choose: (one: Game) => void }) {
  return (
    <Choice
      label={t("play.board.game")}
      all={GAMES}
      chosen={chosen}
      choose={choose}
      name={(one) => (one ? t(`play.${one}`) : t("play.board.games"))}
    />
  );
}
