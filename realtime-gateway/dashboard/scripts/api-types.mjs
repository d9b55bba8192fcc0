// Writes src/api/rest.d.ts from openapi/openapi.json and src/api/events.d.ts from the events' AsyncAPI document.
// With --check it writes nothing and fails if they are not what it would write.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const HEAD = "// Made by `npm run api-types`; not to be changed by hand.\n";
const NAME = /^[A-Za-z_$][\w$]*$/;
const named = (name) => (NAME.test(name) ? name : JSON.stringify(name));
const typeName = (ref) => ref.split("/").at(-1).replaceAll(/[^\w$]/g, "_");

function doc(text, indent) {
  const clean = text?.replaceAll("*/", "*\u200b/").replaceAll(/\s+/g, " ").trim();
  return clean ? `${indent}/** ${clean} */\n` : "";
}

function type(schema, indent = "") {
  if (schema === undefined || schema === true) {
    return "unknown";
  }
  if (schema.$ref !== undefined) {
    return typeName(schema.$ref);
  }
  if (schema.const !== undefined) {
    return JSON.stringify(schema.const);
  }
  if (schema.enum !== undefined) {
    const values = schema.enum.map((value) => JSON.stringify(value));
    return [...new Set(schema.nullable === true ? [...values, "null"] : values)].join(" | ");
  }
  const parts = schema.oneOf ?? schema.anyOf;
  if (parts !== undefined) {
    return [...new Set(parts.map((part) => type(part, indent)))].join(" | ");
  }
  if (schema.allOf !== undefined) {
    return schema.allOf.map((part) => type(part, indent)).join(" & ");
  }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const read = [...new Set(types.map((one) => ofType(one, schema, indent)))];
  return schema.nullable === true ? [...read, "null"].join(" | ") : read.join(" | ");
}

function ofType(name, schema, indent) {
  switch (name) {
    case "string":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "null":
      return "null";
    case "array": {
      const item = type(schema.items, indent);
      return `readonly ${/[|&]/.test(item) || item.startsWith("readonly ") ? `(${item})` : item}[]`;
    }
    default:
      return object(schema, indent);
  }
}

function object(schema, indent) {
  const { properties, additionalProperties, required = [] } = schema;
  if (properties === undefined) {
    if (schema.type !== "object" && additionalProperties === undefined) {
      return "unknown";
    }
    const value = typeof additionalProperties === "object" ? type(additionalProperties, indent) : "unknown";
    return `Readonly<Record<string, ${value}>>`;
  }
  const members = Object.entries(properties).map(([name, member]) => {
    const optional = required.includes(name) ? "" : "?";
    return `${doc(member.description, `${indent}  `)}${indent}  readonly ${named(name)}${optional}: ${type(member, `${indent}  `)};\n`;
  });
  return members.length === 0 ? "Readonly<Record<string, unknown>>" : `{\n${members.join("")}${indent}}`;
}

const schemasOf = (schemas) =>
  Object.entries(schemas)
    .map(([name, schema]) => `\n${doc(schema.description, "")}export type ${typeName(name)} = ${type(schema)};\n`)
    .join("");

/** The query parameters and bodies of each operation, by method and path. */
function operations(paths, document) {
  const resolved = (thing) =>
    thing?.$ref === undefined ? thing : thing.$ref.split("/").slice(1).reduce((within, key) => within[key], document);
  const lines = [];
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (!["get", "post", "put", "patch", "delete"].includes(method)) {
        continue;
      }
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolved);
      const query = parameters.filter((parameter) => parameter.in === "query");
      const fields = [];
      if (query.length > 0) {
        const members = query.map(
          ({ name, required, schema }) => `readonly ${named(name)}${required ? "" : "?"}: ${type(schema, "    ")}`,
        );
        fields.push(`readonly query: { ${members.join("; ")} }`);
      }
      const body = resolved(operation.requestBody)?.content?.["application/json"]?.schema;
      if (body !== undefined) {
        fields.push(`readonly body: ${type(body, "    ")}`);
      }
      const success = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith("2"));
      const content = resolved(success?.[1])?.content ?? {};
      const answer = (content["application/json"] ?? Object.values(content)[0])?.schema;
      fields.push(`readonly answer: ${answer === undefined ? "null" : type(answer, "    ")}`);
      lines.push(
        `${doc(operation.summary, "  ")}  readonly ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: { ${fields.join("; ")} };\n`,
      );
    }
  }
  return `\n/** By method and path: what may be asked, what is sent, what is answered. */\nexport interface Operations {\n${lines.join("")}}\n`;
}

function rest() {
  const file = at("../openapi/openapi.json");
  if (!existsSync(file)) {
    return null;
  }
  const document = JSON.parse(readFileSync(file, "utf8"));
  return HEAD + schemasOf(document.components?.schemas ?? {}) + operations(document.paths ?? {}, document);
}

function events() {
  const document = parse(
    readFileSync(at("../../../platform/contracts/src/main/resources/asyncapi.yaml"), "utf8"),
  );
  const data = Object.values(document.components.messages).flatMap(({ name, payload }) => {
    // io.opsrelay.ticket.received.v1 comes over the stream as ticket_received
    const words = /^io\.opsrelay\.(.+?)(?:\.v\d+)?$/.exec(name ?? "")?.[1];
    return words === undefined || payload?.$ref === undefined
      ? []
      : [`  readonly ${words.replaceAll(/[.-]/g, "_")}: ${typeName(payload.$ref)};\n`];
  });
  const map = `\n/** The payload of each event, by the type that it has on the stream. */\nexport interface EventData {\n${[...new Set(data)].join("")}}\n`;
  return HEAD + schemasOf(document.components.schemas) + map;
}

let stale = false;
for (const [name, text] of [
  ["rest", rest()],
  ["events", events()],
]) {
  const file = at(`../src/api/${name}.d.ts`);
  if (text === null) {
    continue;
  }
  if (!process.argv.includes("--check")) {
    writeFileSync(file, text);
  } else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    console.error(`src/api/${name}.d.ts is not what the contracts say: run \`npm run api-types\`.`);
    stale = true;
  }
}
process.exit(stale ? 1 : 0);
