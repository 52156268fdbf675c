interface Looks<T> {
  label: string;
  all: readonly T[];
  chosen: T;
  choose: (one: T) => void;
  name: (one: T) => string;
}

/** One of a few, side by side. */
export function Choice<T extends string | number | null>({ label, all, chosen, choose, name }: Looks<T>) {
  return (
    <fieldset class="pills">
      <legend class="hidden">{label}</legend>
      {all.map((one) => (
        <label key={one}>
          <input type="radio" name={label} checked={one === chosen} onChange={() => choose(one)} />
          <span>{name(one)}</span>
        </label>
      ))}
    </fieldset>
  );
}
