/** Files that are dragged here from elsewhere. */

import { useRef, useState } from "preact/hooks";

export function useDrop(take: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  // Each element that is entered on the way tells of it.
  const depth = useRef(0);
  const withFiles = (act: (event: DragEvent) => void) => (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    act(event);
  };
  const hands = {
    onDragEnter: withFiles(() => {
      depth.current += 1;
      setOver(true);
    }),
    onDragOver: withFiles(() => {}),
    onDragLeave: withFiles(() => {
      depth.current -= 1;
      if (depth.current <= 0) setOver(false);
    }),
    onDrop: withFiles((event) => {
      depth.current = 0;
      setOver(false);
      take([...(event.dataTransfer?.files ?? [])]);
    }),
  };
  return { over, hands };
}
