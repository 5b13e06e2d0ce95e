// What an application does through the AWS SDK for JavaScript v3. Prints {scenario: result}; the caller compares.
import {
  BatchGetItemCommand, ConditionalCheckFailedException, CreateTableCommand, DeleteResourcePolicyCommand, DeleteTableCommand,
  DescribeContributorInsightsCommand, DescribeTableCommand, DynamoDBClient, GetItemCommand, GetResourcePolicyCommand,
  ListContributorInsightsCommand, PutItemCommand, PutResourcePolicyCommand, ResourceNotFoundException, TransactionCanceledException,
  UpdateContributorInsightsCommand, UpdateItemCommand, UpdateTableCommand,
  paginateListTables, waitUntilTableExists, waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb'
import {
  BatchWriteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand,
  paginateQuery, paginateScan,
} from '@aws-sdk/lib-dynamodb'

const client = new DynamoDBClient({ endpoint: process.env.ENDPOINT, maxAttempts: 2 })
const db = DynamoDBDocumentClient.from(client)
const scenarios = {}

async function make(TableName, hash, range, more = {}) {
  const attribute = ([name, type]) => ({ AttributeName: name, AttributeType: type })
  await client.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [hash, ...(range ? [range] : []), ...(more.attributes ?? [])].map(attribute),
    KeySchema: [{ AttributeName: hash[0], KeyType: 'HASH' }, ...(range ? [{ AttributeName: range[0], KeyType: 'RANGE' }] : [])],
    GlobalSecondaryIndexes: more.indexes }))
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName })
}

const plain = ({ $metadata, ...answer }) => answer
async function failure(promise) {
  try {
    return { 'no error': plain(await promise) }
  } catch (error) {
    return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode, fault: error.$fault,
      item: error.Item, reasons: error.CancellationReasons }
  }
}

scenarios.document = async () => {
  await make('SdkDocument', ['id', 'S'])
  const item = { id: 'x', number: 1.5, list: [1, 'two', null, [true]], map: { deep: { er: 'yes' } }, bytes: new Uint8Array([0, 255]),
    set: new Set(['only']), empty: '' }
  await db.send(new PutCommand({ TableName: 'SdkDocument', Item: item }))
  const { Item: got } = await db.send(new GetCommand({ TableName: 'SdkDocument', Key: { id: 'x' }, ConsistentRead: true }))
  const updated = await db.send(new UpdateCommand({ TableName: 'SdkDocument', Key: { id: 'x' }, ReturnValues: 'UPDATED_NEW',
    UpdateExpression: 'SET #m.deep.er = :v, #l[1] = :v REMOVE #l[0]', ExpressionAttributeNames: { '#m': 'map', '#l': 'list' },
    ExpressionAttributeValues: { ':v': 2 } }))
  return { got: { ...got, bytes: [...got.bytes], set: [...got.set] }, updated: plain(updated) }
}

scenarios.errors = async () => {
  await make('SdkErrors', ['id', 'S'])
  await client.send(new PutItemCommand({ TableName: 'SdkErrors', Item: { id: { S: 'a' }, v: { N: '1' } } }))
  const put = new PutItemCommand({ TableName: 'SdkErrors', Item: { id: { S: 'a' } }, ConditionExpression: 'attribute_not_exists(id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })
  const classes = []
  for (const [command, type] of [[put, ConditionalCheckFailedException],
    [new GetItemCommand({ TableName: 'Nowhere', Key: { id: { S: 'a' } } }), ResourceNotFoundException]])
    classes.push(await client.send(command).then(() => false, (error) => error instanceof type))
  const cancelled = new TransactWriteCommand({ TransactItems: [
    { Put: { TableName: 'SdkErrors', Item: { id: 'b' } } },
    { ConditionCheck: { TableName: 'SdkErrors', Key: { id: 'a' }, ConditionExpression: 'v > :v', ExpressionAttributeValues: { ':v': 5 } } }] })
  classes.push(await db.send(cancelled).then(() => false, (error) => error instanceof TransactionCanceledException))
  return { classes, condition: await failure(client.send(put)), transaction: await failure(db.send(cancelled)),
    key: await failure(client.send(new GetItemCommand({ TableName: 'SdkErrors', Key: { id: { N: '1' } } }))),
    number: await failure(client.send(new UpdateItemCommand({ TableName: 'SdkErrors', Key: { id: { S: 'a' } },
      UpdateExpression: 'SET v = v + :s', ExpressionAttributeValues: { ':s': { S: 'x' } } }))),
    missing: await failure(client.send(new GetItemCommand({ Key: { id: { S: 'a' } } }))) }
}

scenarios.pages = async () => {
  await make('SdkPages', ['pk', 'S'], ['sk', 'N'], { attributes: [['kind', 'S']],
    indexes: [{ IndexName: 'by-kind', KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
      Projection: { ProjectionType: 'ALL' } }] })
  for (let from = 0; from < 100; from += 25)
    await db.send(new BatchWriteCommand({ RequestItems: { SdkPages: Array.from({ length: 25 }, (_, i) => from + i).map((sk) => ({
      PutRequest: { Item: { pk: `p${sk % 3}`, sk, kind: sk % 5 ? 'some' : 'few' } } })) } }))
  const collect = async (pages) => {
    const all = []
    for await (const page of pages) all.push(page.Items.map(({ sk }) => sk))
    return all
  }
  const query = { TableName: 'SdkPages', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'p1' } }
  return {
    queried: await collect(paginateQuery({ client: db, pageSize: 10 }, query)),
    backward: await collect(paginateQuery({ client: db, pageSize: 20 }, { ...query, ScanIndexForward: false })),
    indexed: await collect(paginateQuery({ client: db, pageSize: 8 }, { TableName: 'SdkPages', IndexName: 'by-kind',
      KeyConditionExpression: 'kind = :k', ExpressionAttributeValues: { ':k': 'few' } })),
    scanned: (await collect(paginateScan({ client: db, pageSize: 30 }, { TableName: 'SdkPages' }))).map((page) => page.length),
    counted: plain(await db.send(new QueryCommand({ ...query, Select: 'COUNT', ReturnConsumedCapacity: 'TOTAL' }))),
  }
}

scenarios.tables = async () => {
  await make('SdkTables', ['id', 'B'])
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'SdkTables' }))
  const byArn = await client.send(new BatchGetItemCommand({ RequestItems: { [Table.TableArn]: { Keys: [{ id: { B: new Uint8Array([1]) } }] } } }))
  const names = []
  for await (const page of paginateListTables({ client, pageSize: 1 }, {})) names.push(...page.TableNames)
  await client.send(new UpdateTableCommand({ TableName: 'SdkTables', DeletionProtectionEnabled: true }))
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName: 'SdkTables' })
  const kept = await failure(client.send(new DeleteTableCommand({ TableName: 'SdkTables' })))
  kept.message = kept.message.replace(/\d{12}/, 'ACCOUNT')
  await client.send(new UpdateTableCommand({ TableName: 'SdkTables', DeletionProtectionEnabled: false }))
  await client.send(new DeleteTableCommand({ TableName: 'SdkTables' }))
  await waitUntilTableNotExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName: 'SdkTables' })
  return { described: { ...Table, CreationDateTime: Table.CreationDateTime.toISOString() }, byArn: Object.values(byArn.Responses), kept,
    ours: names.filter((name) => name.startsWith('Sdk')) }
}

scenarios.insights = async () => {
  const table = { TableName: 'SdkInsights' }
  await make(table.TableName, ['id', 'S'])
  const update = async (ContributorInsightsAction, more = {}) =>
    plain(await client.send(new UpdateContributorInsightsCommand({ ...table, ContributorInsightsAction, ...more })))
  const describe = async () => {
    const { LastUpdateDateTime, ContributorInsightsRuleList, ...answer } = plain(await client.send(new DescribeContributorInsightsCommand(table)))
    return { ...answer, dated: LastUpdateDateTime instanceof Date, rules: ContributorInsightsRuleList?.map((rule) => rule.replace(/\d{13}$/, 'TIME')) }
  }
  return { before: await describe(), throttled: await update('ENABLE', { ContributorInsightsMode: 'THROTTLED_KEYS' }), then: await describe(),
    both: await update('ENABLE'), now: await describe(),
    listed: (await client.send(new ListContributorInsightsCommand(table))).ContributorInsightsSummaries, off: await update('DISABLE') }
}

scenarios.policies = async () => {
  await make('SdkPolicies', ['id', 'S'])
  const { Table: { TableArn: ResourceArn } } = await client.send(new DescribeTableCommand({ TableName: 'SdkPolicies' }))
  const shown = async (command) => JSON.parse(JSON.stringify(await failure(client.send(command))).replace(/\d{12}/g, 'ACCOUNT'))
  return { none: await shown(new GetResourcePolicyCommand({ ResourceArn })),
    refused: await shown(new PutResourcePolicyCommand({ ResourceArn, Policy: '{}' })),
    deleted: await shown(new DeleteResourcePolicyCommand({ ResourceArn })),
    expected: await shown(new DeleteResourcePolicyCommand({ ResourceArn, ExpectedRevisionId: '1' })),
    'no table': await shown(new GetResourcePolicyCommand({ ResourceArn: `${ResourceArn}Not` })) }
}

const results = {}
for (const [name, run] of Object.entries(scenarios)) results[name] = await run()
console.log(JSON.stringify(results))
