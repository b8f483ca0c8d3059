// A CDK application with as many resources as production has on AWS, in about the same mix: `node app.js COUNT FOLDER`.
//
// `cdk synth --app "node app.js COUNT FOLDER"` takes it too. It writes templates as the bare program does, and checks
// nothing. CloudFormation takes 500 resources in a stack, so there are as many stacks as that needs.
"use strict";

// newer versions end with a validator of templates that takes several times as long as the program: `--no-validation`
process.env.CDK_VALIDATION = "false";

const cdk = require("aws-cdk-lib");
const cloudwatch = require("aws-cdk-lib/aws-cloudwatch");
const ec2 = require("aws-cdk-lib/aws-ec2");
const iam = require("aws-cdk-lib/aws-iam");
const kms = require("aws-cdk-lib/aws-kms");
const logs = require("aws-cdk-lib/aws-logs");
const s3 = require("aws-cdk-lib/aws-s3");
const sqs = require("aws-cdk-lib/aws-sqs");

const LARGEST = 480;
const wanted = Number(process.argv[2]);
const app = new cdk.App({ outdir: process.argv[3], analyticsReporting: false });

// one of each turn: a role with a policy, alarms, tags of node groups, endpoints, buckets, keys, logs, queues
const KINDS = [
  (scope, id) =>
    new iam.Role(scope, id, {
      assumedBy: new iam.ServicePrincipal("ec2.amazonaws.com"),
      inlinePolicies: {
        own: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({ actions: ["s3:GetObject", "s3:PutObject"], resources: [`arn:aws:s3:::data/${id}/*`] }),
          ],
        }),
      },
    }),
  (scope, id) =>
    new iam.ManagedPolicy(scope, id, {
      statements: [new iam.PolicyStatement({ actions: ["logs:PutLogEvents"], resources: ["*"] })],
    }),
  (scope, id) =>
    new cloudwatch.Alarm(scope, id, {
      metric: new cloudwatch.Metric({ namespace: "AWS/SageMaker", metricName: "Invocation5XXErrors", dimensionsMap: { EndpointName: id } }),
      threshold: 1,
      evaluationPeriods: 3,
    }),
  (scope, id) => new ec2.CfnLaunchTemplate(scope, id, { launchTemplateData: { instanceType: "p5.48xlarge", ebsOptimized: true } }),
  (scope, id) => new ec2.CfnSecurityGroup(scope, id, { groupDescription: id, vpcId: "vpc-0123456789abcdef0" }),
  (scope, id) => new s3.Bucket(scope, id, { versioned: true, blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL }),
  (scope, id) => new kms.Key(scope, id, { enableKeyRotation: true }),
  (scope, id) => new logs.LogGroup(scope, id, { retention: logs.RetentionDays.ONE_YEAR }),
  (scope, id) => new sqs.Queue(scope, id, { encryption: sqs.QueueEncryption.SQS_MANAGED }),
];

let made = 0;
for (let stack = 0; made < wanted; stack += 1) {
  const scope = new cdk.Stack(app, `Stack${stack}`, { env: { account: "123456789012", region: "eu-west-1" } });
  for (let index = 0; index < LARGEST && made < wanted; index += 1, made += 1) {
    KINDS[made % KINDS.length](scope, `Resource${made}`);
  }
}

const written = app
  .synth()
  .stacks.map((stack) => Object.keys(stack.template.Resources).length)
  .reduce((sum, count) => sum + count, 0);
if (written < wanted) {
  throw new Error(`${written} resources, and ${wanted} were asked for`);
}
