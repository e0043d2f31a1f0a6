// Writes src/kith/node/api.ts: a type and a check for each body and answer of a node's API, from
// the description that nodes give of it (protocol/openapi.json).
//   node tools/api.mjs           renew the file
//   node tools/api.mjs --check   fail if it is not current
import { readFileSync, writeFileSync } from "node:fs";

const SOURCE = "../../protocol/openapi.json";
const TARGET = "src/kith/node/api.ts";
const SHAPES = [
  "anyOf",
  "anything",
  "flag",
  "list",
  "nothing",
  "number",
  "object",
  "oneOf",
  "record",
  "text",
  "whole",
];
const BOUNDS = {
  string: ["minLength", "maxLength"],
  integer: ["minimum", "maximum"],
  array: ["minItems", "maxItems"],
  object: ["minProperties", "maxProperties"],
};

const { schemas } = JSON.parse(readFileSync(SOURCE, "utf8")).components;

const valueName = (name) => name.charAt(0).toLowerCase() + name.slice(1);
const refName = (ref) => ref.slice(ref.lastIndexOf("/") + 1);

function boundsOf(schema) {
  const [low, high] = BOUNDS[schema.type];
  const parts = [];
  if (schema[low] !== undefined) parts.push(`min: ${schema[low]}`);
  if (schema[high] !== undefined) parts.push(`max: ${schema[high]}`);
  return parts.length > 0 ? `{ ${parts.join(", ")} }` : "";
}

function shapeOf(schema) {
  if (schema.$ref) return valueName(refName(schema.$ref));
  if (schema.anyOf) return `anyOf(${schema.anyOf.map(shapeOf).join(", ")})`;
  if (schema.enum) return `oneOf(${schema.enum.map((one) => JSON.stringify(one)).join(", ")})`;
  switch (schema.type) {
    case "string":
      return textOf(schema);
    case "integer":
      return `whole(${boundsOf(schema)})`;
    case "number":
      return "number";
    case "boolean":
      return "flag";
    case "null":
      return "nothing";
    case "array":
      return `list(${[shapeOf(schema.items), boundsOf(schema)].filter(Boolean).join(", ")})`;
    case "object":
      return schema.properties ? objectOf(schema) : recordOf(schema);
    default:
      if (Object.keys(schema).length === 0) return "anything";
      throw new Error(`a schema of an unknown form: ${JSON.stringify(schema)}`);
  }
}

function textOf(schema) {
  // What Python writes for the true end of a text is "$" here.
  const pattern = schema.pattern?.replace("$(?!\\n)", "$");
  const bounds = boundsOf(schema) || (pattern ? "{}" : "");
  const form = pattern ? `new RegExp(${JSON.stringify(pattern)}, "u")` : "";
  return `text(${[bounds, form].filter(Boolean).join(", ")})`;
}

function recordOf(schema) {
  const name = schema.propertyNames ? shapeOf({ type: "string", ...schema.propertyNames }) : "";
  const bounds = boundsOf(schema) || (name ? "{}" : "");
  const parts = [shapeOf(schema.additionalProperties), bounds, name];
  return `record(${parts.filter(Boolean).join(", ")})`;
}

function objectOf(schema) {
  const members = Object.entries(schema.properties)
    .map(([name, one]) => `  ${JSON.stringify(name)}: ${shapeOf(one)},`)
    .join("\n");
  const defaults = Object.entries(schema.properties)
    .filter(([name]) => !schema.required?.includes(name))
    .map(([name, one]) => `${JSON.stringify(name)}: ${JSON.stringify(one.default ?? null)}`)
    .join(", ");
  return `object({\n${members}\n}${defaults ? `, { ${defaults} }` : ""})`;
}

/** Names of schemas, each after those that it refers to. */
function inOrder() {
  const order = new Set();
  const visit = (name) => {
    if (order.has(name)) return;
    for (const [, found] of JSON.stringify(schemas[name]).matchAll(/"\$ref":"[^"]*\/(\w+)"/g)) {
      visit(found);
    }
    order.add(name);
  };
  for (const name of Object.keys(schemas).sort()) visit(name);
  return order;
}

function describe(name) {
  const [first = name] = (schemas[name].description ?? name).split("\n");
  const value = valueName(name);
  return `/** ${first} */\nexport const ${value} = ${shapeOf(schemas[name])};\nexport type ${name} = TypeOf<typeof ${value}>;\n`;
}

const body = [...inOrder()].map(describe).join("\n");
const used = SHAPES.filter((name) => new RegExp(`\\b${name}\\b[(,)\\n]`).test(body));
const made = `// Made by \`npm run api\` from protocol/openapi.json; edit neither.

import { ${[...used, "type TypeOf"].join(", ")} } from "./shape.ts";

${body}`;
if (process.argv.includes("--check")) {
  if (readFileSync(TARGET, "utf8") !== made) {
    console.error(`${TARGET} is not current; renew it: npm run api`);
    process.exit(1);
  }
} else {
  writeFileSync(TARGET, made);
}
