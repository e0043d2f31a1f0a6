/**
 * Finds texts that stand in a screen's source instead of in the Fluent files. Pure: takes
 * JavaScript with JSX, from which the types have been taken away.
 */

import { Parser } from "acorn";
import jsx from "acorn-jsx";

/** Attributes whose value people see or hear. */
const SPOKEN = new Set([
  "alt",
  "title",
  "placeholder",
  "label",
  "hint",
  "aria-label",
  "aria-description",
  "aria-valuetext",
  "aria-roledescription",
  "data-label",
]);

/** Words that are the same in every language. */
const SAME_EVERYWHERE = new Set(["Kith", "Esc Esc", "https://…#i=…"]);

const JsxParser = Parser.extend(jsx());

/**
 * Returns the literals of a source that people would read untranslated.
 *
 * @throws SyntaxError if the source cannot be read
 */
export function findLiterals(source: string): string[] {
  const found: string[] = [];
  const note = (text: unknown): void => {
    if (typeof text !== "string" || !/\p{L}/u.test(text)) return;
    if (!SAME_EVERYWHERE.has(text.trim())) found.push(text.trim());
  };
  visit(JsxParser.parse(source, { ecmaVersion: "latest", sourceType: "module" }), note);
  return found;
}

type Note = (text: unknown) => void;

function visit(node: unknown, note: Note): void {
  if (Array.isArray(node)) {
    for (const one of node) visit(one, note);
    return;
  }
  if (!isNode(node)) return;
  if (node["type"] === "JSXText") note(node["value"]);
  if (node["type"] === "JSXAttribute" && isNode(node["name"])) {
    if (SPOKEN.has(String(node["name"]["name"]))) noteValue(node["value"], note);
  }
  if (node["type"] === "JSXElement" || node["type"] === "JSXFragment") {
    const children = node["children"];
    if (Array.isArray(children)) {
      for (const child of children) {
        if (isNode(child) && child["type"] === "JSXExpressionContainer") noteValue(child, note);
      }
    }
  }
  for (const value of Object.values(node)) visit(value, note);
}

/** Notes what an expression can become, as far as one sees without running it. */
function noteValue(node: unknown, note: Note): void {
  if (!isNode(node)) return;
  switch (node["type"]) {
    case "Literal":
      note(node["value"]);
      break;
    case "TemplateLiteral":
      if (Array.isArray(node["quasis"])) {
        for (const part of node["quasis"]) {
          if (isNode(part) && isNode(part["value"])) note(part["value"]["cooked"]);
        }
      }
      break;
    case "JSXExpressionContainer":
      noteValue(node["expression"], note);
      break;
    case "ConditionalExpression":
      noteValue(node["consequent"], note);
      noteValue(node["alternate"], note);
      break;
    case "LogicalExpression":
      if (node["operator"] !== "&&") noteValue(node["left"], note); // else a condition
      noteValue(node["right"], note);
      break;
    case "BinaryExpression":
      if (node["operator"] !== "+") break; // a comparison shows nothing
      noteValue(node["left"], note);
      noteValue(node["right"], note);
      break;
  }
}

function isNode(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
