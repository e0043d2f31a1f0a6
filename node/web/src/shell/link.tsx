import type { ComponentChildren } from "preact";
import { PUBLIC_PATHS, type PublicPage } from "./routes.ts";
import type { Shell } from "./shell.ts";

interface Props {
  readonly shell: Shell;
  readonly page: PublicPage;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
}

/** A link to a public page: a real address, so that it can be opened in a new tab. */
export function PublicLink({ shell, page, children, class: name, current = false }: Props) {
  const onClick = (event: MouseEvent): void => {
    // With a modifier the browser opens it in a tab of its own.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    shell.goPublic(page);
  };
  return (
    <a
      href={PUBLIC_PATHS[page]}
      onClick={onClick}
      {...(name === undefined ? {} : { class: name })}
      {...(current ? { "aria-current": "page" as const } : {})}
    >
      {children}
    </a>
  );
}
