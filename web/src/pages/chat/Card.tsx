import type { ComponentChildren } from "preact";
import { formatNumber, hasWords, t } from "../../i18n/i18n";
import { money } from "../../i18n/money";
import type { Card as AnyCard, Message } from "../../wire/shapes";
import { RoundCard } from "./RoundCard";
import type { Talk } from "./talk";
import "../../styles/cards.css";

type Facts = Readonly<Record<string, unknown>>;

/** What the server vouches for. Kinds that came later are passed over. */
export default function Card({ card, message, talk }: { card: AnyCard; message: Message; talk: Talk }) {
  if (card.kind === "play") return <PlayCard card={card} />;
  if (card.kind === "round") return <RoundCard card={card} message={message} talk={talk} />;
  return null;
}

function PlayCard({ card }: { card: Extract<AnyCard, { kind: "play" }> }) {
  const won = card.result === "win";
  return (
    <Frame title={gameCalled(card)} note={t("card.play")} tone={won ? "won" : "lost"}>
      <div class="card-result">
        <strong>{won ? t("card.won", { prize: money(card.prize) }) : t("card.lost")}</strong>
        <FactList facts={{ ...card.move, ...card.outcome }} />
      </div>
    </Frame>
  );
}

interface FrameLooks {
  title: string;
  note: string;
  tone: "open" | "won" | "lost";
  children: ComponentChildren;
}

export function Frame({ title, note, tone, children }: FrameLooks) {
  return (
    <article class={`play-card play-card-${tone}`}>
      <header>
        <span class="card-note">{note}</span>
        <h2 dir="auto">{title}</h2>
      </header>
      {children}
    </article>
  );
}

/** How a move or an outcome is made up, in words where we have them. */
export function FactList({ facts }: { facts: Facts }) {
  const shown = Object.entries(facts).filter(([name]) => name !== "nonce" && name !== "epoch");
  return (
    <dl class="facts">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{called(name)}</dt>
          <dd dir="auto">{said(name, value)}</dd>
        </div>
      ))}
    </dl>
  );
}

export function called(name: string): string {
  const key = `fact.${name}`;
  return hasWords(key) ? t(key) : name;
}

export function said(name: string, value: unknown): string {
  const key = `fact.${name}.${value}`;
  if (hasWords(key)) return t(key);
  if (typeof value !== "number") return String(value);
  return name === "chance" || name === "percent" ? `${formatNumber(value)} %` : formatNumber(value);
}

/** By our words where we have them. */
export function gameCalled({ game, title }: { game: string; title: string }): string {
  const key = `game.${game}`;
  return hasWords(key) ? t(key) : title;
}
