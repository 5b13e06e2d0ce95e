// Cases for the differential test: policies and requests, drawn so that most elements match, and those that don't nearly do.

// A generator of numbers that a seed decides (mulberry32).
export class Random {
  constructor(seed) { this.state = seed >>> 0 }
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let t = this.state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  below(bound) { return Math.floor(this.next() * bound) }
  chance(probability) { return this.next() < probability }
  pick(list) { return list[this.below(list.length)] }
  some(list, least, most) { return Array.from({length: least + this.below(most - least + 1)}, () => this.pick(list)) }
}

const ACCOUNTS = ['111122223333', '444455556666']
const ACTIONS = ['GetItem', 'PutItem', 'Query', 'Scan', 'BatchGetItem', 'UpdateItem', 'DescribeTable'].map((name) => `dynamodb:${name}`)
const TENANTS = ['acme', 'globex', 'Acme', 'ac*me', 'a?me', 'acme-2', 'ünï', '$x']
const TABLES = ['Orders', 'OrdersArchive', 'tenant-acme', 'tenant-globex', 'a.b_c-d', 'Orders/index/by-date', 'Orders/index/by-acme',
  'Orders/stream/2026-01-31T12:00:00.000']

// --- the request ---------------------------------------------------------------------------------------------------

// What values a key has, by the type that operators of its kind compare.
const KEYS = {
  text: {
    'aws:PrincipalTag/tenant': TENANTS, 'aws:PrincipalTag/Team': ['red', 'blue'], 'aws:RequestTag/tenant': TENANTS,
    'aws:ResourceTag/tenant': TENANTS, 'aws:username': ['alice', 'bob'], 'aws:userid': ['AIDAEXAMPLE', 'AROAEXAMPLE:s1'],
    'aws:SourceIdentity': ['alice', 'carol'], 'aws:RequestedRegion': ['us-east-1', 'eu-west-1'], 'sts:ExternalId': ['42', 'x-1'],
    'sts:RoleSessionName': ['s1', 'acme'], 'dynamodb:Select': ['ALL_ATTRIBUTES', 'COUNT'], 'dynamodb:ReturnValues': ['NONE', 'ALL_OLD'],
    'dynamodb:EnclosingOperation': ['TransactWriteItems', 'BatchGetItem'], 'insula:Tenant': TENANTS, 'insula:Service': ['catalog', 'billing'],
    'accounts.example.com:sub': ['u-1', 'u-2'],
  },
  set: {
    'dynamodb:LeadingKeys': ['acme', 'acme#1', 'acme#2', 'globex', 'globex#1'], 'dynamodb:Attributes': ['pk', 'sk', 'price', 'secret'],
    'dynamodb:FirstPartitionKeyValues': ['acme', 'globex', 'acme#1'], 'aws:TagKeys': ['tenant', 'team', 'Tenant'],
    'sts:TransitiveTagKeys': ['tenant', 'team'],
  },
  number: {'sts:DurationSeconds': ['900', '3600', '43200'], 'aws:MultiFactorAuthAge': ['0', '100', '100.5']},
  date: {
    'aws:CurrentTime': ['2026-01-31T12:00:00Z', '2026-01-31T12:00:01Z', '2026-02-01T00:00:00Z'],
    'aws:TokenIssueTime': ['2026-01-31T11:00:00Z', '2026-01-31T12:00:00Z', '2026-01-31T13:00:00+01:00'],
  },
  flag: {'aws:SecureTransport': ['true', 'false'], 'aws:MultiFactorAuthPresent': ['true', 'false'], 'dynamodb:FullTableScan': ['true', 'false']},
  address: {'aws:SourceIp': ['203.0.113.7', '203.0.113.200', '198.51.100.1', '10.1.2.3', '2001:db8::1', '2001:db8:1::5']},
  arn: {'iam:PolicyARN': ['arn:aws:iam::111122223333:policy/Reader', 'arn:aws:iam::aws:policy/AdministratorAccess']},
  binary: {'custom:blob': ['hello', 'world!']},
}

function drawContext(random, principal, request) {
  const context = {}
  for (const [type, keys] of Object.entries(KEYS)) {
    for (const [key, values] of Object.entries(keys)) {
      if (random.chance(0.35)) continue
      context[key] = type === 'set' ? [...new Set(random.some(values, 1, 3))] : random.pick(values)
    }
  }
  context['aws:PrincipalArn'] = principal.type === 'assumed-role' ? principal.source_arn : principal.arn
  context['aws:PrincipalAccount'] = principal.account
  context['aws:PrincipalType'] = {user: 'User', 'assumed-role': 'AssumedRole', 'federated-user': 'FederatedUser'}[principal.type]
  context['aws:ResourceAccount'] = request.resource_account
  context['aws:CurrentTime'] ??= '2026-01-31T12:00:00Z'
  return context
}

function drawPrincipal(random) {
  const account = random.pick(ACCOUNTS)
  const name = random.pick(['alice', 'bob'])
  const role = random.pick(['Reader', 'Writer'])
  switch (random.below(4)) {
    case 0: return {type: 'user', arn: `arn:aws:iam::${account}:user/${name}`, source_arn: '', account}
    case 1: return {type: 'federated-user', arn: `arn:aws:sts::${account}:federated-user/${name}`, source_arn: `arn:aws:iam::${account}:user/${name}`, account}
    default: return {type: 'assumed-role', arn: `arn:aws:sts::${account}:assumed-role/${role}/s1`, source_arn: `arn:aws:iam::${account}:role/${role}`, account}
  }
}

function drawRequest(random, principal) {
  const account = random.chance(0.7) ? principal.account : random.pick(ACCOUNTS)
  if (random.chance(0.2)) {
    return {action: random.pick(['sts:AssumeRole', 'sts:TagSession']), resource: `arn:aws:iam::${account}:role/Target`, resource_account: account, trust: true}
  }
  return {action: random.pick(ACTIONS), resource: `arn:aws:dynamodb:${random.pick(['us-east-1', 'eu-west-1'])}:${account}:table/${random.pick(TABLES)}`, resource_account: account}
}

// --- texts that match a value, and some that don't -------------------------------------------------------------------

// A text that stands for `text` by wildcards, more or less.
function withWildcards(random, text) {
  const characters = [...text]
  const at = random.below(characters.length + 1)
  const to = at + random.below(characters.length - at + 1)
  switch (random.below(6)) {
    case 0: return characters.slice(0, at).join('') + '*'
    case 1: return '*' + characters.slice(at).join('')
    case 2: return characters.slice(0, at).join('') + '*' + characters.slice(to).join('')
    case 3: return characters.map((c) => random.chance(0.2) ? '?' : c).join('')
    case 4: return '*' + characters.slice(at, to).join('') + '*'
    default: return characters.map((c) => random.chance(0.1) ? '*' : random.chance(0.1) ? '?' : c).join('')
  }
}

function nearly(random, text) {
  const characters = [...text]
  const at = random.below(characters.length || 1)
  switch (random.below(4)) {
    case 0: characters.splice(at, 1); break
    case 1: characters.splice(at, 0, 'x'); break
    case 2: characters[at] = characters[at] === 'z' ? 'y' : 'z'; break
    default: return text.toUpperCase() === text ? text.toLowerCase() : text.toUpperCase()
  }
  return characters.join('')
}

// '*', '?' and '$' as themselves.
const escaped = (text) => text.replace(/[*?$]/g, (c) => '${' + c + '}')

// Puts a variable in the place of its value, where the value is in the text, or anywhere.
function withVariable(random, text, context) {
  const keys = Object.keys(KEYS.text).concat(Object.keys(KEYS.set).slice(0, 1))
  const known = keys.filter((key) => typeof context[key] === 'string' && text.includes(context[key]))
  const key = known.length && random.chance(0.8) ? random.pick(known) : random.pick(keys)
  const name = random.chance(0.2) ? key.toUpperCase().replace('AWS:', 'aws:') : key
  const variable = random.chance(0.3) ? '${' + name + ", '" + random.pick(['acme', 'none', 'a*']) + "'}" : '${' + name + '}'
  if (typeof context[key] === 'string' && text.includes(context[key])) return text.replace(context[key], () => variable)
  return random.chance(0.5) ? text + variable : variable + text
}

const OPERATORS = {
  text: ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike'],
  number: ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map((name) => `Numeric${name}`),
  date: ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map((name) => `Date${name}`),
  flag: ['Bool'],
  address: ['IpAddress', 'NotIpAddress'],
  arn: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
  binary: ['BinaryEquals'],
}

function drawArnPattern(random, arn) {
  const parts = arn.split(':')
  const resource = parts.slice(5).join(':')
  const drawn = parts.slice(0, 5).map((part, at) => at > 1 && random.chance(0.25) ? (part && random.chance(0.3) ? withWildcards(random, part) : '*') : part)
  drawn.push(random.chance(0.5) ? resource : random.chance(0.8) ? withWildcards(random, resource) : nearly(random, resource))
  return drawn.join(':')
}

function drawValue(random, type, operator, value, context) {
  switch (type) {
    case 'text': case 'set': {
      let text = random.chance(0.7) ? value : nearly(random, value)
      if (operator.endsWith('Like')) {
        text = random.chance(0.6) ? withWildcards(random, text) : random.chance(0.5) ? escaped(text) : text
      }
      if (random.chance(0.25)) text = withVariable(random, text, context)
      return text
    }
    case 'number': return random.chance(0.5) ? value : random.pick(['0', '900', '3600', '100.5', '-1', '100.25'])
    case 'date': return random.chance(0.4) ? value : random.pick(['2026-01-31T12:00:00Z', '2026-01-31T14:30:00+02:30', '2026-01-31', '2026-02', '2026-01-31T12:00:00.5Z', '2030-01-01T00:00Z'])
    case 'flag': return random.chance(0.6) ? value : random.pick(['true', 'false', 'TRUE'])
    case 'address': return random.pick(['203.0.113.0/24', '203.0.113.0/25', '0.0.0.0/0', '10.0.0.0/8', '198.51.100.1/32', '2001:db8::/32', '2001:db8:1::/48', '203.0.113.7/30'])
    case 'arn': return drawArnPattern(random, value)
    case 'binary': return Buffer.from(random.chance(0.7) ? value : nearly(random, value)).toString('base64')
    default: throw new Error(type)
  }
}

// --- policies --------------------------------------------------------------------------------------------------------

function drawCondition(random, context, condition) {
  const type = random.pick(['text', 'text', 'text', 'set', 'set', 'number', 'date', 'flag', 'address', 'arn', 'binary'])
  const keys = type === 'arn' ? {...KEYS.arn, 'aws:PrincipalArn': [context['aws:PrincipalArn']]} : KEYS[type]
  const key = random.pick(Object.keys(keys))
  const kind = type === 'set' ? 'text' : type
  const name = random.chance(0.15) ? key.toLowerCase() : key
  if (random.chance(0.08)) {
    condition[random.pick(['Null', 'Null', 'ForAnyValue:Null', 'ForAllValues:Null'])] ??= {[name]: random.pick(['true', 'false', ['true', 'false']])}
    return
  }
  const base = random.pick(OPERATORS[kind])
  const quantifier = random.chance(type === 'set' ? 0.9 : 0.1) ? random.pick(['ForAllValues:', 'ForAnyValue:']) : ''
  const operator = quantifier + base + (random.chance(0.2) ? 'IfExists' : '')
  const present = [context[key] ?? keys[key]].flat()
  const values = random.some(present, 1, 3).map((value) => drawValue(random, type, base, value, context))
  condition[operator] = {...condition[operator], [name]: values.length === 1 && random.chance(0.7) ? values[0] : values}
}

function drawAction(random, action) {
  const [service, name] = action.split(':')
  if (random.chance(0.1)) return '*'
  if (random.chance(0.6)) return random.chance(0.8) ? action : action.toLowerCase()
  if (random.chance(0.2)) return `${service}:*`
  return `${service}:${random.chance(0.7) ? withWildcards(random, name) : nearly(random, name)}`
}

function drawResource(random, request, context) {
  if (random.chance(0.3)) return '*'
  const parts = request.resource.split(':')
  const resource = parts.slice(5).join(':')
  const product = resource.slice(0, resource.indexOf('/') + 1)
  const drawn = parts.slice(0, 5)
  if (parts[2] !== 'iam' && random.chance(0.4)) drawn[3] = random.pick(['*', 'us-*', 'eu-west-1', 'us-east-?'])
  if (random.chance(0.4)) drawn[4] = random.pick(['*', ...ACCOUNTS])
  let id = resource.slice(product.length)
  if (random.chance(0.5)) id = random.chance(0.8) ? withWildcards(random, id) : nearly(random, id)
  if (random.chance(0.2)) id = withVariable(random, id, context)
  return [...drawn, product + id].join(':')
}

function drawStatement(random, kind, principal, request, context, denies) {
  const statement = {Effect: denies ? 'Deny' : 'Allow'}
  if (kind === 'resource' || kind === 'trust') {
    if (denies && random.chance(0.12)) statement.NotPrincipal = drawPrincipals(random, principal)
    else statement.Principal = drawPrincipals(random, principal)
  }
  const one = (values) => values.length === 1 && random.chance(0.5) ? values[0] : values
  const others = kind === 'trust' ? ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] : [...ACTIONS, 'iam:GetRole', 's3:GetObject']
  const actions = [random.chance(0.8) ? (kind === 'trust' ? request.action : drawAction(random, request.action)) : random.pick(others)]
  if (random.chance(0.3)) actions.push(random.pick(others))
  if (kind !== 'trust' && random.chance(0.12)) statement.NotAction = one(random.some(others, 1, 2))
  else statement.Action = one(actions)
  if (kind !== 'trust') {
    const resources = [drawResource(random, request, context)]
    if (random.chance(0.2)) resources.push(drawResource(random, request, context))
    if (random.chance(0.12)) statement.NotResource = one(resources)
    else statement.Resource = one(resources)
  }
  const conditions = random.chance(0.5) ? 0 : 1 + random.below(denies ? 3 : 2)
  if (conditions > 0) statement.Condition = {}
  for (let i = 0; i < conditions; ++i) drawCondition(random, context, statement.Condition)
  return statement
}

function drawPrincipals(random, principal) {
  if (random.chance(0.1)) return random.chance(0.5) ? {AWS: '*'} : {AWS: ['*', principal.arn]}
  const named = [principal.arn, principal.source_arn || principal.arn, `arn:aws:iam::${principal.account}:root`, principal.account]
  const others = [`arn:aws:iam::${random.pick(ACCOUNTS)}:user/carol`, `arn:aws:sts::${principal.account}:assumed-role/Reader/other`, `arn:aws:iam::${random.pick(ACCOUNTS)}:root`]
  const list = random.some(random.chance(0.8) ? named : others, 1, 2)
  if (random.chance(0.15)) return {AWS: named}
  if (random.chance(0.05)) return {Service: 'ec2.amazonaws.com'}
  return {AWS: list.length === 1 ? list[0] : list}
}

function drawPolicy(random, kind, principal, request, context) {
  const count = 1 + random.below(3)
  const statements = Array.from({length: count}, () => drawStatement(random, kind, principal, request, context, random.chance(0.2)))
  return {Version: kind === 'resource' && random.chance(0.1) ? '2008-10-17' : '2012-10-17', Statement: count === 1 && random.chance(0.3) ? statements[0] : statements}
}

const ALLOW_ALL = {Version: '2012-10-17', Statement: [{Effect: 'Allow', Action: '*', Resource: '*'}]}

export function drawCase(random) {
  const principal = drawPrincipal(random)
  const request = drawRequest(random, principal)
  const context = drawContext(random, principal, request)
  const policy = (kind) => drawPolicy(random, kind, principal, request, context)
  const limit = () => random.chance(0.6) ? ALLOW_ALL : policy('identity')
  const drawn = {principal, ...request, context, identity: Array.from({length: random.below(4)}, () => policy('identity')), service_control: []}
  if (random.chance(0.3)) drawn.boundary = limit()
  if (principal.type !== 'user' && random.chance(0.4)) drawn.session = [limit()]
  if (random.chance(0.3)) drawn.service_control = Array.from({length: 1 + random.below(3)}, () => [random.chance(0.7) ? ALLOW_ALL : policy('identity')])
  if (request.trust ? random.chance(0.9) : random.chance(0.5)) drawn.resource_policy = policy(request.trust ? 'trust' : 'resource')
  if (!drawn.resource_policy) delete drawn.trust
  return drawn
}
