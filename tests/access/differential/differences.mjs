// Where the other evaluator is known to differ from AWS's documentation, which Insula follows. Each difference rewrites a case
// into one that means the same to AWS and that the other evaluator understands; it explains a differing verdict only if that
// case then has the verdict that Insula gave.
import {verdictOn} from './evaluator.mjs'

const list = (value) => [value ?? []].flat()
const statementsOf = (policy) => list(policy?.Statement)
const awsOf = (principals) => principals === '*' ? ['*'] : list(principals?.AWS)
const ALLOW_ALL = {Effect: 'Allow', Action: '*', Resource: '*'}

// Whom a Deny by NotPrincipal is to spare has to be named in full: a user with its account, a session with its role and its
// account. The other evaluator spares whoever is named in any of these ways.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
function spareOnlyWhoIsNamedInFull(drawn) {
  if (!statementsOf(drawn.resource_policy).some((statement) => statement.NotPrincipal)) return null
  const {principal} = drawn
  const everyOne = [[principal.arn], [principal.account, `arn:aws:iam::${principal.account}:root`]]
  if (principal.source_arn) everyOne.push([principal.source_arn])
  const spares = (named) => everyOne.every((ways) => ways.concat('*').some((way) => named.includes(way)))
  const statements = statementsOf(drawn.resource_policy).flatMap((statement) => {
    if (!statement.NotPrincipal) return [statement]
    const {NotPrincipal, ...rest} = statement
    return spares(awsOf(NotPrincipal)) && !drawn.boundary ? [] : [{...rest, Principal: '*'}]
  })
  return {...drawn, resource_policy: statements.length ? {...drawn.resource_policy, Statement: statements} : undefined}
}

// What a resource's policy gives to a session by name is limited by no implicit deny, its session policy's included. The other
// evaluator holds every session to its session policy.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
function letSessionsThatAreNamedPass(drawn) {
  if (!drawn.session || drawn.principal.account !== drawn.resource_account) return null
  const naming = statementsOf(drawn.resource_policy)
    .filter((statement) => statement.Effect === 'Allow' && awsOf(statement.Principal).includes(drawn.principal.arn))
  if (naming.length === 0) return null
  const {boundary, session, ...rest} = drawn
  const alone = {...rest, identity: [], service_control: [], resource_policy: {...drawn.resource_policy, Statement: naming}}
  if (verdictOn(alone) !== 'Allowed') return null
  return {...drawn, session: [{...session[0], Statement: [...statementsOf(session[0]), ALLOW_ALL]}]}
}

// The other evaluator shifts 32 bits by 32 for "0.0.0.0/0", and finds no address in it; in two halves it finds all.
function halveTheWholeOfIpv4(drawn) {
  const text = JSON.stringify(drawn)
  const halved = text.replace(/"[A-Za-z:]*(?:Ip|NotIp)Address[^"]*":\{"[^"]*":(\[[^\]]*\]|"[^"]*")/g, (condition) => condition
    .replace(/:"0\.0\.0\.0\/0"$/, ':["0.0.0.0/0"]').replaceAll('"0.0.0.0/0"', '"0.0.0.0/1","128.0.0.0/1"'))
  return halved === text ? null : JSON.parse(halved)
}

// Documents of 2008-10-17 know no variables; "${aws:username}" is text to them. The other evaluator fills them in all the same.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
function takeVariablesAsText(drawn) {
  if (drawn.resource_policy?.Version !== '2008-10-17') return null
  const literally = (value) => typeof value === 'string' ? value.replaceAll('${', '${$}{')
    : Array.isArray(value) ? value.map(literally)
    : typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literally(inner)])) : value
  return {...drawn, resource_policy: literally(drawn.resource_policy)}
}

// A key that is a set can't be filled in, and AWS doesn't say what its default is good for then. The other evaluator takes it,
// with a question to that effect in its source; Insula takes a default for an absent key alone.
function leaveDefaultsToAbsentKeys(drawn) {
  const sets = Object.keys(drawn.context).filter((key) => Array.isArray(drawn.context[key])).map((key) => key.toLowerCase())
  const text = JSON.stringify(drawn)
  const without = text.replace(/\$\{([^},]+), '[^']*'\}/g, (variable, key) => sets.includes(key.toLowerCase()) ? `\${${key}}` : variable)
  return without === text ? null : JSON.parse(without)
}

const DIFFERENCES = [halveTheWholeOfIpv4, takeVariablesAsText, leaveDefaultsToAbsentKeys, spareOnlyWhoIsNamedInFull, letSessionsThatAreNamedPass]

// The names of the differences that explain the verdict, one if one is enough; empty: none does.
export function explanationOf(drawn, verdict) {
  const explains = (differences) => {
    const rewritten = differences.reduce((before, difference) => difference(before) ?? before, drawn)
    return rewritten !== drawn && verdictOn(rewritten) === verdict
  }
  const one = DIFFERENCES.find((difference) => explains([difference]))
  if (one) return one.name
  return explains(DIFFERENCES) ? DIFFERENCES.filter((difference) => difference(drawn)).map((difference) => difference.name).join(', ') : ''
}
