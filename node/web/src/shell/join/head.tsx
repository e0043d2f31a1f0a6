/** A step's heading; it takes focus when the step opens. */
export function StepHead(props: { readonly title: string; readonly lead: string }) {
  return (
    <div class="head">
      <h1 class="quiet-focus" tabIndex={-1} ref={focusOnce}>
        {props.title}
      </h1>
      <p class="lead">{props.lead}</p>
    </div>
  );
}

function focusOnce(heading: HTMLElement | null): void {
  if (heading === null || heading.dataset["seen"] !== undefined) return;
  heading.dataset["seen"] = "";
  // On a page's first view the browser's own focus stays; later steps announce themselves.
  if (document.activeElement === document.body && scrollY === 0) return;
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}
