// Where the other evaluator is known to differ from AWS's documentation, which Insula follows. Each difference rewrites a case
// into one that means the same to AWS and that the other evaluator understands; it explains a differing verdict only if that
// case then has the verdict that Insula gave.
import {verdictOn} from './evaluator.mjs'

const list = (value) => [value ?? []].flat()
const statementsOf = (policy) => list(policy?.Statement)
const awsOf = (principals) => principals === '*' ? ['*'] : list(principals?.AWS)
const ALLOW_ALL = {Effect: 'Allow', Action: '*', Resource: '*'}

// "You must also specify the account ARN of the not-denied principal", and of a session its role and itself; a Deny by
// NotPrincipal that doesn't name them all denies them. The other evaluator spares whoever is named in any of these ways.
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

// "Permissions that are granted directly to a session aren't limited by an implicit deny in an identity-based policy, a
// permissions boundary, or session policy." The other evaluator holds every session to its session policy.
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

const DIFFERENCES = [spareOnlyWhoIsNamedInFull, letSessionsThatAreNamedPass]

// The names of the differences that explain the verdict; empty: none does.
export function explanationOf(drawn, verdict) {
  let rewritten = drawn
  const names = []
  for (const difference of DIFFERENCES) {
    const next = difference(rewritten)
    if (!next) continue
    rewritten = next
    names.push(difference.name)
    if (verdictOn(rewritten) === verdict) return names.join(', ')
  }
  return ''
}
