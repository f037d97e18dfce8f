'use strict';

// An S3 server on port 9000 with MinIO's credentials from the environment and MinIO's health address.
// Signatures are checked: a client with other keys is refused.

const fs = require('fs');
const http = require('http');
const S3rver = require('s3rver');
const AWSAccount = require('s3rver/lib/models/account');

const directory = process.argv[2];
const accessKey = process.env.MINIO_ROOT_USER;
const secretKey = process.env.MINIO_ROOT_PASSWORD;
if (!accessKey || !secretKey) {
  console.error('MINIO_ROOT_USER and MINIO_ROOT_PASSWORD must be set.');
  process.exit(2);
}

// s3rver ships with one well-known key pair; only ours may be valid.
AWSAccount.DUMMY_ACCOUNT.revokeAccessKey('S3RVER');
AWSAccount.DUMMY_ACCOUNT.createKeyPair(accessKey, secretKey);

fs.mkdirSync(directory, { recursive: true });
const answerS3 = new S3rver({ directory, silent: true, vhostBuckets: false }).callback();

const server = http.createServer((request, response) => {
  if (request.method === 'GET' && request.url === '/minio/health/live') {
    response.end();
    return;
  }
  answerS3(request, response);
});
server.listen(9000, '0.0.0.0', () => console.log(`serving ${directory} on port 9000`));
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => process.exit(0));
}
