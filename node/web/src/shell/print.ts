/** Printing what must name nothing. */

/**
 * Prints the page under an empty title: browsers put the title on the paper, and into the name of
 * a file. The page's style leaves no room for the address.
 */
export function printNameless(): void {
  const { title } = document;
  document.title = "\u00a0";
  try {
    print();
  } finally {
    document.title = title;
  }
}
