/** A wreath is open below, where one goes on. */
const OPEN = new Set([7, 8, 9]);
const RAYS = Array.from({ length: 16 }, (_, n) => n).filter((n) => !OPEN.has(n));

/** Leaves of brass and felt, thrown up once. Still, for who wants no motion. */
export function Joy() {
  return (
    <svg class="joy" viewBox="-180 -60 360 120" aria-hidden="true">
      <g transform="scale(2.6 1)">
        {RAYS.map((n) => (
          <g key={n} transform={`rotate(${n * 22.5})`}>
            <path class={`joy-leaf joy-${n % 4}`} d="M0 -34q5 -9 0 -18q-5 9 0 18z" />
          </g>
        ))}
      </g>
    </svg>
  );
}
