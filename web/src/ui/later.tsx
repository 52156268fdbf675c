/** A part of a page that comes when it is first wanted, so that the page itself is there sooner. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/i18n";
import { isOutdated } from "../shell/loading";
import { say } from "./toast";

export function later<Looks extends object>(
  load: () => Promise<{ default: ComponentType<Looks> }>,
): ComponentType<Looks> {
  let There: ComponentType<Looks> | undefined;
  return function Later(looks: Looks) {
    const [, arrived] = useState(false);
    useEffect(() => {
      if (There) return;
      load().then(
        (module) => {
          There = module.default;
          arrived(true);
        },
        async () => {
          if (!(await isOutdated())) say(t("error.unreachable"));
        },
      );
    }, []);
    return There ? <There {...looks} /> : null;
  };
}
