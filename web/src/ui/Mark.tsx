/** Our sign: a round table from above, with somebody at every side, and one of them speaking. */
export function Mark({ size = 40 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <circle class="mark-table" cx="32" cy="32" r="17" />
      <circle class="mark-seat" cx="32" cy="7.5" r="5.5" />
      <circle class="mark-seat" cx="7.5" cy="32" r="5.5" />
      <circle class="mark-seat" cx="32" cy="56.5" r="5.5" />
      <circle class="mark-speaker" cx="56.5" cy="32" r="5.5" />
    </svg>
  );
}
