// The other evaluator: npm's @cloud-copilot/iam-simulate. Its engine is asked past its front door, which would drop the keys
// and refuse the actions that AWS's lists don't have (Insula's own, and those of identity providers).
import {loadPolicy} from '@cloud-copilot/iam-policy'
import {authorize} from '../../../node_modules/@cloud-copilot/iam-simulate/dist/esm/core_engine/CoreSimulatorEngine.js'
import {DiscoveryContextKeyConstraints} from '../../../node_modules/@cloud-copilot/iam-simulate/dist/esm/context_keys/discoveryContextKeyConstraints.js'
import {AwsRequestImpl} from '../../../node_modules/@cloud-copilot/iam-simulate/dist/esm/request/request.js'
import {RequestContextImpl} from '../../../node_modules/@cloud-copilot/iam-simulate/dist/esm/requestContext.js'

const load = (policies) => policies.map((policy) => loadPolicy(policy, {name: 'drawn'}))

// It compares binary values as the base64 they are written in.
function contextOf(drawn) {
  const blob = drawn.context['custom:blob']
  return blob ? {...drawn.context, 'custom:blob': Buffer.from(blob).toString('base64')} : drawn.context
}

// "Allowed", "ExplicitlyDenied" or "ImplicitlyDenied".
export function verdictOn(drawn) {
  return authorize({
    request: new AwsRequestImpl(drawn.principal.arn, {resource: drawn.resource, accountId: drawn.resource_account}, drawn.action,
      new RequestContextImpl(contextOf(drawn))),
    identityPolicies: load(drawn.identity),
    sessionPolicy: drawn.session && load(drawn.session)[0],
    permissionBoundaries: drawn.boundary && load([drawn.boundary]),
    serviceControlPolicies: drawn.service_control.map((level, at) => ({orgIdentifier: `level-${at}`, policies: load(level)})),
    resourceControlPolicies: [],
    resourcePolicy: drawn.resource_policy && load([drawn.resource_policy])[0],
    vpcEndpointPolicies: undefined,
    simulationParameters: {simulationMode: 'Strict', discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([])},
    serviceSettings: {s3: {}},
  }).result
}
