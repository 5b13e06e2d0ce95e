// Policies of AWS's own (arn:aws:iam::aws:policy/…), which samples and Terraform attach by their ARNs: those about
// DynamoDB, IAM and everything at once. They are the same for everybody, and nobody changes them.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
#pragma once

#include "iam/snapshot.h"

namespace insula::iam {

const Table<ManagedPolicy>& AwsPolicies();

}  // namespace insula::iam
