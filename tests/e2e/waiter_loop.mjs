// create, wait, put, delete, wait, as often as asked, with the AWS SDK for JavaScript's waiters as they are.
// Prints how long the slowest waiter took.
import {
  CreateTableCommand, DeleteTableCommand, DynamoDBClient, PutItemCommand, waitUntilTableExists, waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb'

const client = new DynamoDBClient({ endpoint: process.env.ENDPOINT, maxAttempts: 1 })
const TableName = 'LoopJs'
let slowest_ms = 0

async function timed(waiter) {
  const began = performance.now()
  await waiter({ client, maxWaitTime: 60 }, { TableName })
  slowest_ms = Math.max(slowest_ms, performance.now() - began)
}

for (let round = Number(process.argv[2]); round > 0; --round) {
  await client.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] }))
  await client.send(new PutItemCommand({ TableName, Item: { pk: { S: 'at once' } } }))
  await timed(waitUntilTableExists)
  await client.send(new DeleteTableCommand({ TableName }))
  await timed(waitUntilTableNotExists)
}
console.log(JSON.stringify({ slowest_ms }))
