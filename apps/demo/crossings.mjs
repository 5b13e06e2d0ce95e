// What an attacker who is a customer would try. Each attempt must end as it says: with a refusal, or with an answer that
// holds nothing of anybody else's.
import { createHash, createHmac } from 'node:crypto'
import { DynamoDBClient, DescribeTableCommand, GetItemCommand, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb'

// The SDK's client, adding a header before it signs.
function withHeader(client, name, value) {
  client.middlewareStack.add((next) => (args) => {
    args.request.headers[name] = value
    return next(args)
  }, { step: 'build' })
  return client
}

// ... and after it has signed: the server gets a header that no signature covers.
function withUnsignedHeader(client, name, value) {
  client.middlewareStack.add((next) => (args) => {
    args.request.headers[name] = value
    return next(args)
  }, { step: 'deserialize', priority: 'low' })
  return client
}

export function client(endpoint, credentials) {
  return new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
}

const named = (error) => error.name ?? String(error)
async function errorOf(promise) {
  try { await promise; return 'no error' } catch (error) { return named(error) }
}

// A request signed by hand, at any time, so that an old one can be replayed and a body exchanged.
export async function handSigned(endpoint, credentials, operation, body, { at = new Date(), send = body } = {}) {
  const host = new URL(endpoint).host
  const time = at.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const date = time.slice(0, 8)
  const headers = { 'content-type': 'application/x-amz-json-1.0', host, 'x-amz-date': time,
    'x-amz-target': `DynamoDB_20120810.${operation}` }
  const names = Object.keys(headers).sort()
  const hash = (text) => createHash('sha256').update(text).digest('hex')
  const mac = (key, text) => createHmac('sha256', key).update(text).digest()
  const canonical = ['POST', '/', '', ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), hash(body)].join('\n')
  const scope = `${date}/us-east-1/dynamodb/aws4_request`
  const key = ['us-east-1', 'dynamodb', 'aws4_request'].reduce(mac, mac(`AWS4${credentials.secretAccessKey}`, date))
  const signature = createHmac('sha256', key).update(['AWS4-HMAC-SHA256', time, scope, hash(canonical)].join('\n')).digest('hex')
  delete headers.host
  const answer = await fetch(endpoint, { method: 'POST', body: send, headers: { ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}` } })
  const text = await answer.text()
  return answer.ok ? 'no error' : JSON.parse(text).__type.split('#').pop()
}

// [what is tried, what must come back, what came back]
export async function attempts({ endpoint, attacker, victim, devKey, travelService, filmsKey, operator }) {
  const key = { state: { S: victim.item.state }, iata: { S: victim.item.iata } }
  const as = client(endpoint, attacker.credentials)
  const rows = []
  const expect = async (area, what, wanted, got) => rows.push([area, what, wanted, await got])

  const own = await as.send(new GetItemCommand({ TableName: 'Airports', Key: key }))
  rows.push(['tenant', `the victim's own key (${victim.item.state}, ${victim.item.iata}) in the table of the same name`, 'nothing there',
    own.Item ? 'an item' : 'nothing there'])
  for (const name of victim.physicalNames)
    await expect('tenant', `physical table ${name}`, 'ResourceNotFoundException',
      errorOf(as.send(new GetItemCommand({ TableName: name, Key: key }))))
  await expect('tenant', `table ARN ${victim.arn}`, 'AccessDeniedException',
    errorOf(as.send(new DescribeTableCommand({ TableName: victim.arn }))))
  await expect('tenant', 'a pooled key: insula:tenant = the victim', 'ValidationException',
    errorOf(as.send(new QueryCommand({ TableName: 'Airports', KeyConditionExpression: '#t = :t',
      ExpressionAttributeNames: { '#t': 'insula:tenant' }, ExpressionAttributeValues: { ':t': { S: victim.name } } }))))
  await expect('tenant', 'a start key outside its own data', 'nothing there',
    as.send(new ScanCommand({ TableName: 'Airports', ExclusiveStartKey: key, FilterExpression: 'contains(#n, :x)',
      ExpressionAttributeNames: { '#n': 'iata' }, ExpressionAttributeValues: { ':x': { S: victim.item.iata } } }))
      .then((page) => (page.Items.some((item) => item.iata.S === victim.item.iata) ? 'an item' : 'nothing there'), named))
  await expect('tenant', 'a signed x-insula-tenant header with its own key', 'AccessDeniedException',
    errorOf(withHeader(client(endpoint, attacker.credentials), 'x-insula-tenant', victim.name)
      .send(new GetItemCommand({ TableName: 'Airports', Key: key }))))
  await expect('tenant', 'the same header, unsigned', 'InvalidSignatureException',
    errorOf(withUnsignedHeader(client(endpoint, travelService), 'x-insula-tenant', victim.name)
      .send(new GetItemCommand({ TableName: 'Airports', Key: key }))))
  await expect('tenant', "the victim's key id with a guessed secret", 'InvalidSignatureException',
    errorOf(client(endpoint, { ...victim.credentials, secretAccessKey: 'guessed' }).send(new ScanCommand({ TableName: 'Airports' }))))
  await expect('tenant', 'a key that does not exist', 'UnrecognizedClientException',
    errorOf(client(endpoint, { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' }).send(new ScanCommand({ TableName: 'Airports' }))))
  const body = JSON.stringify({ TableName: 'Airports', Key: key })
  await expect('tenant', "a recorded request of the victim's, replayed an hour later", 'InvalidSignatureException',
    handSigned(endpoint, victim.credentials, 'GetItem', body, { at: new Date(Date.now() - 3600_000) }))
  await expect('tenant', 'a recorded signature over another body', 'InvalidSignatureException',
    handSigned(endpoint, victim.credentials, 'GetItem', body, { send: body.replace('Airports', 'Routes') }))

  const fromDev = client(endpoint, devKey)
  const seen = await fromDev.send(new GetItemCommand({ TableName: 'Airports', Key: key }))
  rows.push(['dev → prod', 'the same tenant, table and key with the dev key', 'nothing there', seen.Item ? 'an item' : 'nothing there'])
  await expect('dev → prod', `table ARN ${victim.arn}`, 'AccessDeniedException',
    errorOf(fromDev.send(new DescribeTableCommand({ TableName: victim.arn }))))
  await expect('dev → prod', `physical table ${victim.physicalNames[0]}`, 'ResourceNotFoundException',
    errorOf(fromDev.send(new ScanCommand({ TableName: victim.physicalNames[0] }))))

  await expect('service', "the films service's key asks for travel's table", 'ResourceNotFoundException',
    errorOf(client(endpoint, filmsKey).send(new ScanCommand({ TableName: 'Airports' }))))
  await expect('service', "travel's own key asks for its tenants' table", 'ResourceNotFoundException',
    errorOf(client(endpoint, travelService).send(new ScanCommand({ TableName: 'Airports' }))))
  await expect('service', "a films key in travel's name for its tenant (signed header)", 'AccessDeniedException',
    errorOf(withHeader(client(endpoint, filmsKey), 'x-insula-tenant', 'nobody').send(new ScanCommand({ TableName: 'Films' }))))

  await expect('operator', 'writing into the pooled table as its account', 'AccessDeniedException',
    errorOf(client(endpoint, operator).send(new PutItemCommand({ TableName: victim.pool,
      Item: { 'insula:tenant': { S: victim.name }, 'insula:key': { B: new Uint8Array([1]) } } }))))
  return rows
}
