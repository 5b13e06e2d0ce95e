terraform {
  required_providers { aws = { source = "hashicorp/aws", version = "5.100.0" } }
}
variable "endpoint" {}
variable "access_key" {}
variable "secret_key" {}
variable "suffix" { default = "" } // what a second apply changes
variable "max" { default = 3600 }
provider "aws" {
  region                  = "us-east-1"
  access_key              = var.access_key
  secret_key              = var.secret_key
  skip_metadata_api_check = true
  skip_region_validation  = true
  max_retries             = 2
  endpoints {
    iam      = var.endpoint
    sts      = var.endpoint
    dynamodb = var.endpoint
  }
  default_tags { tags = { managed = "terraform" } }
}
data "aws_caller_identity" "me" {}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.me.account_id}:root"]
    }
  }
}
data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["dynamodb:GetItem", "dynamodb:Query${var.suffix}"]
    resources = ["arn:aws:dynamodb:*:*:table/x"]
    condition {
      test     = "ForAllValues:StringEquals"
      variable = "dynamodb:LeadingKeys"
      values   = ["$${aws:PrincipalTag/tenant}"]
    }
  }
}
resource "aws_iam_policy" "read" {
  name        = "tf-read"
  path        = "/tf/"
  description = "reads"
  policy      = data.aws_iam_policy_document.read.json
  tags        = { kind = "policy" }
}
resource "aws_iam_policy" "bound" {
  name   = "tf-bound"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "aws_iam_role" "app" {
  name                 = "tf-app"
  path                 = "/tf/"
  description          = "for the app"
  max_session_duration = var.max
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  permissions_boundary = aws_iam_policy.bound.arn
  tags                 = { kind = "role" }
}
resource "aws_iam_role_policy" "in" {
  name   = "in"
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.read.json
}
resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.read.arn
}
resource "aws_iam_role_policy_attachment" "aws" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess"
}
resource "aws_iam_instance_profile" "app" {
  name = "tf-app"
  role = aws_iam_role.app.name
}
resource "aws_iam_user" "u" {
  name          = "tf-user"
  path          = "/tf/"
  force_destroy = true
  tags          = { kind = "user" }
}
resource "aws_iam_user_policy" "in" {
  name   = "in"
  user   = aws_iam_user.u.name
  policy = data.aws_iam_policy_document.read.json
}
resource "aws_iam_user_policy_attachment" "read" {
  user       = aws_iam_user.u.name
  policy_arn = aws_iam_policy.read.arn
}
resource "aws_iam_access_key" "k" { user = aws_iam_user.u.name }
resource "aws_iam_group" "g" {
  name = "tf-group"
  path = "/tf/"
}
resource "aws_iam_group_policy" "in" {
  name   = "in"
  group  = aws_iam_group.g.name
  policy = data.aws_iam_policy_document.read.json
}
resource "aws_iam_group_policy_attachment" "read" {
  group      = aws_iam_group.g.name
  policy_arn = aws_iam_policy.read.arn
}
resource "aws_iam_group_membership" "m" {
  name  = "m"
  group = aws_iam_group.g.name
  users = [aws_iam_user.u.name]
}
resource "aws_iam_policy" "other" {
  name   = "tf-other"
  policy = data.aws_iam_policy_document.read.json
}
resource "aws_iam_policy_attachment" "other" {
  name       = "other"
  roles      = [aws_iam_role.app.name]
  users      = [aws_iam_user.u.name]
  groups     = [aws_iam_group.g.name]
  policy_arn = aws_iam_policy.other.arn
}
data "aws_iam_role" "app" {
  name = aws_iam_role.app.name
}
data "aws_iam_policy" "aws" { arn = "arn:aws:iam::aws:policy/AdministratorAccess" }
data "aws_iam_principal_policy_simulation" "s" {
  policy_source_arn = aws_iam_user.u.arn
  action_names      = ["dynamodb:PutItem"]
  depends_on        = [aws_iam_user_policy.in]
}
output "simulated" { value = data.aws_iam_principal_policy_simulation.s.all_allowed }
output "key" { value = aws_iam_access_key.k.id }
