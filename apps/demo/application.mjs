// The applications, as their developers would write them: the AWS SDK for JavaScript v3, unmodified, and credentials. They
// know an endpoint and logical table names; nothing here knows of tenants or partition models.
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import {
  BatchWriteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, ScanCommand, TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'

export function connect(endpoint, credentials, options = {}) {
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 4, ...options })
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
}

// 25 items a request, several requests at a time, and what the server leaves is sent again.
export async function load(db, tableName, items, progress) {
  const batches = []
  for (let i = 0; i < items.length; i += 25) batches.push(items.slice(i, i + 25))
  const worker = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      let requests = batch.map((Item) => ({ PutRequest: { Item } }))
      while (requests.length) {
        const answer = await db.send(new BatchWriteCommand({ RequestItems: { [tableName]: requests } }))
        const left = answer.UnprocessedItems?.[tableName] ?? []
        progress(requests.length - left.length)
        requests = left
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
}

export async function tableNames(db) {
  return (await db.send(new ListTablesCommand({}))).TableNames
}

export async function count(db, tableName) {
  let items = 0
  let start
  do {
    const page = await db.send(new ScanCommand({ TableName: tableName, Select: 'COUNT', ExclusiveStartKey: start }))
    items += page.Count
    start = page.LastEvaluatedKey
  } while (start)
  return items
}

// Airports of a state whose name begins with some letters, through a key condition and a filter.
export async function airportsOf(db, state, letters) {
  const page = await db.send(new QueryCommand({
    TableName: 'Airports', KeyConditionExpression: '#state = :state',
    FilterExpression: 'begins_with(#name, :letters)', ExpressionAttributeNames: { '#state': 'state', '#name': 'name' },
    ExpressionAttributeValues: { ':state': state, ':letters': letters },
  }))
  return page.Items
}

// The busiest routes from an airport, by a local index, in descending order.
export async function busiestFrom(db, origin, limit) {
  const page = await db.send(new QueryCommand({
    TableName: 'Routes', IndexName: 'busiest', KeyConditionExpression: 'origin = :origin', ScanIndexForward: false,
    Limit: limit, ExpressionAttributeValues: { ':origin': origin },
  }))
  return page.Items
}

// The busiest arrivals at an airport, by a global index.
export async function arrivalsAt(db, destination, limit) {
  const page = await db.send(new QueryCommand({
    TableName: 'Routes', IndexName: 'arrivals', KeyConditionExpression: 'destination = :at AND flights > :few',
    ScanIndexForward: false, Limit: limit, ExpressionAttributeValues: { ':at': destination, ':few': 10 },
    ReturnConsumedCapacity: 'TOTAL',
  }))
  return { routes: page.Items, capacity: page.ConsumedCapacity.CapacityUnits }
}

// The best films of a director, by a sparse global index.
export async function filmsBy(db, director) {
  const page = await db.send(new QueryCommand({
    TableName: 'Films', IndexName: 'by-director', KeyConditionExpression: 'director = :director',
    ScanIndexForward: false, Limit: 3, ExpressionAttributeValues: { ':director': director },
  }))
  return page.Items
}

export async function airport(db, state, iata) {
  return (await db.send(new GetCommand({ TableName: 'Airports', Key: { state, iata }, ConsistentRead: true }))).Item
}

// A counter that goes up by one each time it is called, however many call it.
export async function visit(db, state, iata) {
  const answer = await db.send(new UpdateCommand({
    TableName: 'Airports', Key: { state, iata }, UpdateExpression: 'ADD visits :one SET last_visit = :now',
    ConditionExpression: 'attribute_exists(iata)', ReturnValues: 'UPDATED_NEW',
    ExpressionAttributeValues: { ':one': 1, ':now': '2026-11-23' },
  }))
  return answer.Attributes.visits
}

// Books a seat on a route and writes the booking: both or neither.
export async function book(db, origin, destination, customer, token) {
  await db.send(new TransactWriteCommand({
    ClientRequestToken: token,
    TransactItems: [
      { Update: { TableName: 'Routes', Key: { origin, destination }, UpdateExpression: 'ADD booked :one',
        ConditionExpression: 'attribute_exists(origin) AND (attribute_not_exists(booked) OR booked < :seats)',
        ExpressionAttributeValues: { ':one': 1, ':seats': 2 } } },
      { Put: { TableName: 'Airports', Item: { state: 'bookings', iata: customer, type: 'booking', origin, destination } } },
    ],
  }))
}

export async function put(db, tableName, item) {
  await db.send(new PutCommand({ TableName: tableName, Item: item }))
}

export async function get(db, tableName, key) {
  return (await db.send(new GetCommand({ TableName: tableName, Key: key }))).Item
}
