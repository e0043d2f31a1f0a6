/**
 * Checks the texts: every language has every key of English and no other, with the same
 * placeables; every plural has the categories its language needs; every key is used; and no
 * screen holds a text of its own. Pure: files come in as strings, findings go out.
 */

import {
  type Expression,
  type Message,
  type Pattern,
  parse,
  type SelectExpression,
} from "@fluent/syntax";

/** A finding: where, and what is wrong. */
export interface Finding {
  readonly where: string;
  readonly what: string;
}

/** What a message holds. */
export interface MessageShape {
  /** Names of its placeables, sorted. */
  readonly variables: readonly string[];
  /** For each variable that a plural looks at: the sets of keys of its branches. */
  readonly plurals: readonly { readonly variable: string; readonly keys: readonly string[] }[];
}

/** The messages of one file. */
export interface FileShape {
  readonly messages: ReadonlyMap<string, MessageShape>;
  readonly findings: readonly Finding[];
}

/** Returns the messages of a Fluent file. `where` names it in findings. */
export function readFluent(source: string, where: string): FileShape {
  const messages = new Map<string, MessageShape>();
  const findings: Finding[] = [];
  for (const entry of parse(source, { withSpans: false }).body) {
    if (entry.type === "Junk") {
      findings.push({ where, what: `cannot be read: ${entry.content.split("\n")[0]}` });
    }
    if (entry.type !== "Message") continue;
    const key = entry.id.name;
    if (messages.has(key)) findings.push({ where, what: `${key}: stands twice` });
    if (entry.attributes.length > 0) findings.push({ where, what: `${key}: has attributes` });
    messages.set(key, shapeOf(entry));
  }
  return { messages, findings };
}

function shapeOf(message: Message): MessageShape {
  const variables = new Set<string>();
  const plurals: { variable: string; keys: string[] }[] = [];
  const visit = (pattern: Pattern): void => {
    for (const element of pattern.elements) {
      if (element.type === "Placeable") look(element.expression);
    }
  };
  const look = (found: Expression): void => {
    if (found.type === "VariableReference") variables.add(found.id.name);
    if (found.type === "Placeable") look(found.expression);
    if (found.type === "FunctionReference") found.arguments.positional.forEach(look);
    if (found.type === "SelectExpression") {
      look(found.selector);
      plurals.push({ variable: nameOf(found), keys: found.variants.map(keyOf) });
      for (const variant of found.variants) visit(variant.value);
    }
  };
  if (message.value) visit(message.value);
  return { variables: [...variables].sort(), plurals };
}

function nameOf(select: SelectExpression): string {
  return select.selector.type === "VariableReference" ? select.selector.id.name : "?";
}

function keyOf(variant: SelectExpression["variants"][number]): string {
  return variant.key.type === "Identifier" ? variant.key.name : variant.key.value;
}

/** Compares a language's messages with those of English. */
export function compareWithEnglish(
  english: FileShape,
  other: FileShape,
  language: string,
): Finding[] {
  const findings: Finding[] = [...other.findings];
  const add = (what: string): void => {
    findings.push({ where: language, what });
  };
  const needed = new Set(new Intl.PluralRules(language).resolvedOptions().pluralCategories);
  for (const [key, shape] of english.messages) {
    const own = other.messages.get(key);
    if (own === undefined) {
      add(`${key}: missing`);
      continue;
    }
    if (own.variables.join() !== shape.variables.join()) {
      add(`${key}: has {${own.variables.join()}}, English has {${shape.variables.join()}}`);
    }
    if (own.plurals.length < shape.plurals.length) add(`${key}: has no plural`);
    for (const { keys } of own.plurals) {
      const lacking = [...needed].filter((category) => !keys.includes(category));
      const strange = keys.filter(
        (k) => !/^\d+$/.test(k) && ![...needed].some((category) => category === k),
      );
      if (lacking.length > 0) add(`${key}: lacks the plural ${lacking.join()}`);
      if (strange.length > 0) add(`${key}: has the plural ${strange.join()} in vain`);
    }
  }
  for (const key of other.messages.keys()) {
    if (!english.messages.has(key)) add(`${key}: unknown in English`);
  }
  return findings;
}

/**
 * Returns the keys that no source names. A key counts as used where it stands as a whole string
 * literal, so that tables of keys work, too.
 */
export function unusedKeys(keys: Iterable<string>, sources: readonly string[]): string[] {
  const named = new Set<string>();
  for (const source of sources) {
    for (const match of source.matchAll(/["'`]([a-z][a-z0-9-]*)["'`]/g)) {
      if (match[1] !== undefined) named.add(match[1]);
    }
  }
  return [...keys].filter((key) => !named.has(key));
}

/** Returns the typed table of keys and placeables, as TypeScript source. */
export function keysModule(english: FileShape): string {
  const lines = [...english.messages].map(([key, shape]) => {
    const names = shape.variables.map((name) => JSON.stringify(name)).join(" | ");
    return `  ${/^[a-z]+$/.test(key) ? key : JSON.stringify(key)}: ${names || "never"};`;
  });
  return [
    "// Made from locale/en by `npm run texts -- --write`. Don't edit.",
    "",
    "/** Every text and the placeables it needs. */",
    "export interface TextArgs {",
    ...lines,
    "}",
    "",
    "/** A text's name. */",
    "export type TextKey = keyof TextArgs;",
    "",
  ].join("\n");
}
