// The demo: three tenants on three partition models, one unmodified SDK, on real data; then attempts to get across, and
// what each tenant used. `./dev demo` leaves the server running, `./dev demo --once` stops it and says by its exit code
// whether every step held.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { DynamoDBClient, ListTablesCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import * as application from './application.mjs'
import { attempts } from './crossings.mjs'
import { dataOf, filmTables, source, travelTables } from './data.mjs'
import * as server from './server.mjs'
import { Bars, blue, bold, chapter, cyan, dim, green, magenta, note, outcome, red, say, step, table, title, yellow } from './terminal.mjs'

const once = process.argv.includes('--once')
const unknown = process.argv.slice(2).filter((word) => word !== '--once')
if (unknown.length) {
  console.error(`usage: ./dev demo [--once]   (not: ${unknown.join(' ')})`)
  process.exit(2)
}

// West, middle and east; by pool, bridge and silo.
const tenants = [
  { name: 'aurora', region: 'west', model: 'index', paint: cyan },
  { name: 'borealis', region: 'middle', model: 'table', paint: magenta },
  { name: 'cascade', region: 'east', model: 'account', paint: yellow },
]
const models = { index: 'index (pool)', table: 'table (bridge)', account: 'account (silo)' }
const { insula } = server

async function keyFor(...flags) {
  const { AccessKey: key } = await insula('credentials', 'create', ...flags)
  return { accessKeyId: key.AccessKeyId, secretAccessKey: key.SecretAccessKey }
}

async function makeOrganization(files) {
  for (const environment of ['prod', 'dev']) await insula('environment', 'create', environment)
  await insula('service', 'create', 'travel', '--environment', 'prod', '--model', 'index', '--template', files.travel)
  await insula('service', 'create', 'films', '--environment', 'prod', '--model', 'table', '--template', files.films)
  await insula('service', 'create', 'travel', '--environment', 'dev', '--model', 'index', '--template', files.travel)
  for (const tenant of tenants) {
    await insula('tenant', 'create', tenant.name, '--tier', tenant.model === 'account' ? 'premium' : 'standard')
    const placed = await insula('tenant', 'place', tenant.name, '--environment', 'prod', '--service', 'travel', '--model', tenant.model)
    tenant.account = placed.Placement.Account
    tenant.physicalAccount = placed.Placement.PhysicalAccount
    await insula('tenant', 'place', tenant.name, '--environment', 'prod', '--service', 'films')
    tenant.credentials = await keyFor('--environment', 'prod', '--service', 'travel', '--tenant', tenant.name)
    tenant.filmCredentials = await keyFor('--environment', 'prod', '--service', 'films', '--tenant', tenant.name)
  }
  await insula('tenant', 'place', 'aurora', '--environment', 'dev', '--service', 'travel')
  table(['tenant', 'environment', 'service', 'partition model', 'account (in its ARNs)'], [
    ...tenants.map((t) => [t.paint(t.name), 'prod', 'travel', models[t.model], t.account]),
    ...tenants.map((t) => [t.paint(t.name), 'prod', 'films', models.table, t.account]),
    [cyan('aurora'), 'dev', 'travel', models.index, dim('another one')],
  ])
}

async function waitForTables(db, names) {
  for (let i = 0; i < 400; ++i) {
    const have = await application.tableNames(db)
    if (names.every((name) => have.includes(name))) return true
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return false
}

async function loadAll() {
  const jobs = tenants.flatMap((tenant) => Object.entries(tenant.data).map(([name, items]) =>
    ({ tenant, name, items, db: name === 'Films' ? tenant.films : tenant.db })))
  const bars = new Bars(jobs.map(({ tenant, name, items }) => ({ label: `${tenant.paint(tenant.name.padEnd(9))} ${name.padEnd(8)}`, total: items.length })))
  const began = performance.now()
  await Promise.all(jobs.map(({ db, name, items }, i) => application.load(db, name, items, (n) => bars.advance(i, n))))
  bars.stop()
  const total = jobs.reduce((sum, { items }) => sum + items.length, 0)
  note(dim(`${total} items in ${((performance.now() - began) / 1000).toFixed(1)} s, every write synced to disk before its answer`))
  for (const { tenant, name, items, db } of jobs) {
    tenant.counts ??= {}
    tenant.counts[name] = await application.count(db, name)
    if (tenant.counts[name] !== items.length) step(false, `${tenant.name} has ${tenant.counts[name]} of ${items.length} ${name}`)
  }
  step(jobs.every(({ tenant, name, items }) => tenant.counts[name] === items.length), 'a scan as each tenant counts what was written, no more and no less')
}

async function sameNames() {
  const lists = await Promise.all(tenants.map((tenant) => application.tableNames(tenant.db)))
  table(['tenant', 'ListTables says', 'airports', 'routes', 'films', 'a busy origin'], await Promise.all(tenants.map(async (tenant, i) => {
    const busiest = tenant.data.Routes.reduce((best, route) => (route.flights > best.flights ? route : best))
    return [tenant.paint(tenant.name), lists[i].join(', '), ...['Airports', 'Routes', 'Films'].map((name) => tenant.counts[name]), busiest.origin]
  })), [2, 3, 4])
  step(lists.every((names) => names.join() === 'Airports,Routes'), 'the same logical names for all; nothing tells which model serves them')
}

async function queries() {
  const rows = []
  for (const tenant of tenants) {
    const { db, films, data } = tenant
    const hub = data.Routes.reduce((best, route) => (route.flights > best.flights ? route : best))
    const hubAirport = data.Airports.find(({ iata }) => iata === hub.origin)
    const expected = data.Routes.filter(({ origin }) => origin === hub.origin).sort((a, b) => b.flights - a.flights)
    const busiest = await application.busiestFrom(db, hub.origin, 3)
    const arrivals = await application.arrivalsAt(db, hub.destination, 3)
    const letters = hubAirport.name.slice(0, 2)
    const named = await application.airportsOf(db, hubAirport.state, letters)
    const director = data.Films.filter((film) => film.director).map((film) => film.director)
      .sort((a, b) => data.Films.filter((f) => f.director === b).length - data.Films.filter((f) => f.director === a).length)[0]
    const best = await application.filmsBy(films, director)
    rows.push([tenant.paint(tenant.name), `${hub.origin} → ${busiest.map(({ destination, flights }) => `${destination} ${flights}`).join(', ')}`,
      `${arrivals.routes.length} into ${hub.destination}, ${arrivals.capacity} units`, `${named.length} in ${hubAirport.state} with ${letters}…`, `${director}: ${best[0]?.title ?? 'none'}`])
    step(busiest.map(({ flights }) => flights).join() === expected.slice(0, 3).map(({ flights }) => flights).join() &&
      named.length === data.Airports.filter((a) => a.state === hubAirport.state && a.name.startsWith(letters)).length && best.length > 0,
    `${tenant.paint(tenant.name)}: local index, global index, filter and sparse index agree with the source data`)

    const visits = await Promise.all(Array.from({ length: 20 }, () => application.visit(db, hubAirport.state, hubAirport.iata)))
    step(Math.max(...visits) === 20 && new Set(visits).size === 20, `${tenant.paint(tenant.name)}: 20 concurrent ADDs on one item count to 20`)
    await application.book(db, hub.origin, hub.destination, 'ann', `${tenant.name}-1`)
    await application.book(db, hub.origin, hub.destination, 'ann', `${tenant.name}-1`)  // the same token: done once
    await application.book(db, hub.origin, hub.destination, 'bob', `${tenant.name}-2`)
    const refused = await application.book(db, hub.origin, hub.destination, 'cat', `${tenant.name}-3`).then(() => 'booked', (error) => error.name)
    const cat = await application.airport(db, 'bookings', 'cat')
    step(refused === 'TransactionCanceledException' && !cat, `${tenant.paint(tenant.name)}: the third booking of two seats is cancelled whole`)
  }
  say()
  table(['tenant', 'busiest routes (local index)', 'arrivals (global index)', 'airports (filter)', 'best film (sparse index)'], rows)
}

function printable(bytes) {
  const text = [...bytes].map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : '·')).join('')
  return text.length > 26 ? `${text.slice(0, 25)}…` : text
}
function shortItem(item) {
  const value = (v) => v.S ?? v.N ?? (v.B ? `«${printable(v.B)}»` : '…')
  return Object.entries(item).filter(([name]) => !['position', 'country', 'last_visit', 'visits'].includes(name))
    .sort(([a], [b]) => Number(b.startsWith('insula:')) - Number(a.startsWith('insula:')))
    .slice(0, 6).map(([name, v]) => `${dim(`${name}=`)}${name.startsWith('insula:') ? bold(value(v)) : value(v)}`).join(' ')
}

async function physicalView(endpoint) {
  const operators = new Map()
  for (const tenant of tenants)
    if (!operators.has(tenant.physicalAccount))
      operators.set(tenant.physicalAccount, new DynamoDBClient({ endpoint, region: 'us-east-1', maxAttempts: 2,
        credentials: await keyFor('--account', tenant.physicalAccount) }))
  const { Tables: tables } = await insula('table', 'list', '--environment', 'prod', '--service', 'travel')
  for (const tenant of tenants) {
    const physical = tables.find((t) => t.Tenant === tenant.name && t.Table === 'Airports')
    tenant.physicalTable = physical.PhysicalTable
    const operator = operators.get(tenant.physicalAccount)
    const pooled = tenant.model === 'index'
    const page = pooled
      ? await operator.send(new QueryCommand({ TableName: tenant.physicalTable, Limit: 2, KeyConditionExpression: '#t = :t',
        ExpressionAttributeNames: { '#t': 'insula:tenant' }, ExpressionAttributeValues: { ':t': { S: tenant.name } } }))
      : await operator.send(new ScanCommand({ TableName: tenant.physicalTable, Limit: 2 }))
    note(`${bold(models[tenant.model].padEnd(15))} ${tenant.paint(tenant.name)}  account ${tenant.physicalAccount}  table ${blue(tenant.physicalTable)}`)
    note(dim(`                key: ${pooled ? 'insula:tenant (HASH), insula:key (RANGE: the application\'s whole key)' : 'state (HASH), iata (RANGE), as the application defined it'}`))
    for (const item of page.Items) note(`                ${shortItem(item)}`)
    const whole = page.Items.length === 2 && page.Items.every((item) => (pooled ? item['insula:tenant']?.S === tenant.name && item['insula:key']?.B : item.state?.S && item.iata?.S))
    step(whole, pooled ? 'a Query by tenant id reads one tenant of the shared table' : 'the application\'s own key, in the tenant\'s own table')
  }
  const names = (await operators.get(tenants[0].physicalAccount).send(new ListTablesCommand({}))).TableNames
  note(`${dim('the shared account holds')} ${names.join(', ')}`)
  return operators.get(tenants[0].physicalAccount)
}

async function crossings(endpoint, operator) {
  const [aurora, borealis, cascade] = tenants
  const item = borealis.data.Airports.find(({ state }) => state === 'TX')
  const operatorKey = await operator.config.credentials()
  const devKey = await keyFor('--environment', 'dev', '--service', 'travel', '--tenant', 'aurora')
  const devDb = application.connect(endpoint, devKey)
  await waitForTables(devDb, ['Airports'])
  await application.load(devDb, 'Airports', aurora.data.Airports.slice(0, 25), () => {})
  const travelService = await keyFor('--environment', 'prod', '--service', 'travel', '--act-for-tenants')
  const rows = await attempts({ endpoint, operator: operatorKey, devKey, travelService, filmsKey: aurora.filmCredentials,
    attacker: aurora,
    victim: { name: borealis.name, credentials: borealis.credentials, item, arn: `arn:aws:dynamodb:us-east-1:${borealis.account}:table/Airports`,
      physicalNames: [borealis.physicalTable, cascade.physicalTable], pool: aurora.physicalTable } })
  for (const [area, what, wanted, got] of rows)
    step(got === wanted, `${dim(area.padEnd(10))} ${what}`, `→ ${got === wanted ? green(got) : red(`${got}, not ${wanted}`)}`)

  const { AccessKeys: keys } = await insula('credentials', 'list', '--environment', 'prod', '--service', 'films', '--tenant', 'cascade')
  await insula('credentials', 'deactivate', keys[0].AccessKeyId)
  const refused = await application.tableNames(cascade.films).then(() => 'answered', (error) => error.name)
  await insula('credentials', 'activate', keys[0].AccessKeyId)
  const served = await application.tableNames(cascade.films).then(() => 'answered', (error) => error.name)
  step(refused === 'UnrecognizedClientException' && served === 'answered', `${dim('key'.padEnd(10))} a deactivated key is refused by the next request, and served again when activated`)
  await insula('tenant', 'suspend', 'borealis')
  const suspended = await application.tableNames(borealis.db).then(() => 'answered', (error) => error.name)
  await insula('tenant', 'resume', 'borealis')
  const resumed = await application.tableNames(borealis.db).then(() => 'answered', (error) => error.name)
  step(suspended === 'AccessDeniedException' && resumed === 'answered', `${dim('tenant'.padEnd(10))} a suspended tenant is refused, and served again when resumed`)
}

const thousands = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ' ')

async function usage() {
  const { Usage: rows } = await insula('usage')
  const by = new Map()
  for (const row of rows.filter(({ Tenant }) => Tenant)) {
    const key = `${row.Tenant} ${row.Environment} ${row.Service}`
    const sum = by.get(key) ?? { read: 0, write: 0, requests: 0, items: 0, bytes: 0, row }
    by.set(key, { row, read: sum.read + row.ReadUnits, write: sum.write + row.WriteUnits, requests: sum.requests + row.Requests,
      items: sum.items + row.Items, bytes: sum.bytes + row.StoredBytes })
  }
  table(['tenant', 'environment', 'service', 'read units', 'write units', 'requests', 'items', 'stored bytes'],
    [...by.values()].map(({ row, read, write, requests, items, bytes }) => [(tenants.find((t) => t.name === row.Tenant)?.paint ?? String)(row.Tenant),
      row.Environment, row.Service, read.toFixed(1), write.toFixed(1), thousands(requests), thousands(items), thousands(bytes)]), [3, 4, 5, 6, 7])
  const expected = tenants.map((tenant) => Object.keys(tenant.data).reduce((n, name) => n + tenant.counts[name], 0) + 2)  // and two bookings
  const counted = tenants.map((tenant) => [...by.values()].filter(({ row }) => row.Tenant === tenant.name && row.Environment === 'prod').reduce((n, { items }) => n + items, 0))
  step(expected.join() === counted.join() && [...by.values()].every(({ write }) => write > 0), 'items, stored bytes and capacity are known per tenant, in the shared table as elsewhere')
}

function writeProfiles() {
  const file = path.join(server.home, 'aws-credentials')
  writeFileSync(file, tenants.map(({ name, credentials }) =>
    `[${name}]\naws_access_key_id = ${credentials.accessKeyId}\naws_secret_access_key = ${credentials.secretAccessKey}\nregion = us-east-1\n`).join('\n'), { mode: 0o600 })
  return file
}

async function main() {
  title('Insula: three tenants, three partition models, one unmodified SDK',
    `Data: airports, air routes and films from the npm package ${source.name} ${source.version} (licence ${source.licence}).`)
  if (await server.stopFormer()) note(dim('stopped the server that a former demo had left running'))

  chapter('A server on an empty folder')
  const running = await server.start()
  try {
    step(true, `insula serve on ${running.endpoint}, ready ${Math.round(running.ready)} ms after its start`, `${running.memory()} MB resident`)

    chapter('Environments, services, tenants', 'Two environments, two services; each tenant is placed by another partition model of the travel service.')
    const files = { travel: path.join(server.home, 'travel.json'), films: path.join(server.home, 'films.json') }
    writeFileSync(files.travel, JSON.stringify(travelTables, null, 2))
    writeFileSync(files.films, JSON.stringify(filmTables, null, 2))
    await makeOrganization(files)
    for (const tenant of tenants) {
      tenant.data = dataOf(tenant.region)
      tenant.db = application.connect(running.endpoint, tenant.credentials)
      tenant.films = application.connect(running.endpoint, tenant.filmCredentials)
    }
    const ready = await Promise.all(tenants.flatMap((t) => [waitForTables(t.db, ['Airports', 'Routes']), waitForTables(t.films, ['Films'])]))
    step(ready.every(Boolean), 'every tenant has the tables of the services\' templates')

    chapter('Loading real data as each tenant', 'AWS SDK for JavaScript v3, BatchWriteItem, through each tenant\'s own access key.')
    await loadAll()

    chapter('One application, each tenant\'s own data', 'The same code under the same logical names: only the access key differs.')
    await sameNames()

    chapter('The application\'s queries')
    await queries()

    chapter('The operator\'s view: the three models side by side', 'Account credentials see physical tables, as DynamoDB would show them. A pooled one is read-only.')
    const operator = await physicalView(running.endpoint)

    chapter('Trying to get across', 'aurora tries to reach borealis; dev tries to reach prod; one service another. The last word of a line is the server\'s answer.')
    await crossings(running.endpoint, operator)

    chapter('What each tenant used')
    await usage()

    const { held, broken } = outcome()
    say()
    if (broken.length) {
      say(red(bold(`${broken.length} of ${held + broken.length} steps did not hold:`)))
      for (const text of broken) say(`  ${red('✗')} ${text}`)
    } else say(green(bold(`All ${held} steps held.`)) + dim(`  The server has ${running.memory()} MB resident.`))

    if (once) {
      const clean = await running.stop()
      say(clean ? dim('The server stopped cleanly.') : red('The server did not stop cleanly.'))
      process.exitCode = broken.length || !clean ? 1 : 0
      return
    }
    const profiles = writeProfiles()
    const program = server.shown(server.binary)
    say()
    say(`${bold('Running:')} insula serve on ${blue(running.endpoint)}, process ${running.pid}, data in ${server.shown(server.data)}, log in ${server.shown(running.log)}`)
    say(`${bold('Try next:')}`)
    say(`  AWS_SHARED_CREDENTIALS_FILE=${server.shown(profiles)} AWS_PROFILE=cascade \\`)
    say(`    aws dynamodb query --endpoint-url ${running.endpoint} --table-name Routes --index-name busiest --no-scan-index-forward \\`)
    say(`    --max-items 3 --key-condition-expression 'origin = :o' --expression-attribute-values '{":o": {"S": "ATL"}}'`)
    say(`  ${program} tenant show aurora --data ${server.shown(server.data)}`)
    say(`  ${program} table list --physical --data ${server.shown(server.data)}`)
    say(dim(`Stop it with: kill ${running.pid}`))
    process.exitCode = broken.length ? 1 : 0
  } catch (error) {
    if (once) await running.stop()
    throw error
  }
}

main().catch((error) => {
  console.error(red(`the demo broke off: ${error.stderr || error.stack || error}`))
  process.exitCode = 1
}).finally(() => setTimeout(() => process.exit(), 100).unref())
