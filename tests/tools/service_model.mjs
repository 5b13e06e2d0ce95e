#!/usr/bin/env node
// The operations of DynamoDB and DynamoDB Streams and the members of their requests, as the AWS SDK for JavaScript has them:
//
//   npm install @aws-sdk/client-dynamodb @aws-sdk/client-dynamodb-streams    (the newest, in a folder of its own)
//   tests/tools/service_model.mjs FOLDER > tests/service_model.json
//
// A member of a structure in it is a path: "GlobalSecondaryIndexes.Projection.NonKeyAttributes". Attribute values have none.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'

const [folder] = process.argv.slice(2)
if (!folder) {
  console.error('usage: service_model.mjs FOLDER, where node_modules with the clients is')
  process.exit(2)
}
const LIST = 1, MAP = 2, STRUCTURE = 3, UNION = 4, OPERATION = 9

function members(schema, prefix = '', inside = []) {
  if (typeof schema === 'function') schema = schema()
  if (!Array.isArray(schema)) return []
  const [kind, , name, , ...rest] = schema
  if (kind === LIST) return members(rest[0], prefix, inside)
  if (kind === MAP) return members(rest[1], prefix, inside)
  if (kind === 0 && Array.isArray(rest[0])) return members(rest[0], prefix, inside)
  if (kind !== STRUCTURE || inside.includes(name)) return []
  const [names, schemas] = rest
  return names.flatMap((member, i) => {
    let of = schemas[i]
    if (Array.isArray(of) && typeof of[0] === 'function') [of] = of
    return [prefix + member, ...members(of, `${prefix}${member}.`, [...inside, name])]
  })
}

const model = {}
for (const client of ['client-dynamodb', 'client-dynamodb-streams']) {
  const root = join(resolve(folder), 'node_modules/@aws-sdk', client)
  const { version } = JSON.parse(readFileSync(join(root, 'package.json')))
  const schemas = createRequire(join(root, 'package.json'))(root)
  const operations = {}
  for (const schema of Object.values(schemas)) {
    if (!Array.isArray(schema) || schema[0] !== OPERATION) continue
    operations[schema[2]] = members(schema[4])
  }
  model[client] = { version, operations: Object.fromEntries(Object.entries(operations).sort(([a], [b]) => (a < b ? -1 : 1))) }
}
console.log(JSON.stringify(model, null, 1))
