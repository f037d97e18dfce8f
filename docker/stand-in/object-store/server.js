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

// Without TLS, Milvus signs a body chunk by chunk: a line "size;chunk-signature=..." stands before each chunk and
// a line end behind it. s3rver would store them along; here they are taken out as the bytes come in.
function takeChunksApart(request) {
  const push = request.push.bind(request);
  let line = '';
  let left = 0;
  let lineEnd = 0;
  request.push = (bytes) => {
    if (bytes === null) {
      return push(null);
    }
    let wantsMore = true;
    let at = 0;
    while (at < bytes.length) {
      if (left > 0) {
        const part = bytes.subarray(at, at + left);
        at += part.length;
        left -= part.length;
        lineEnd = left === 0 ? 2 : 0;
        wantsMore = push(part);
      } else if (lineEnd > 0) {
        at += 1;
        lineEnd -= 1;
      } else {
        const end = bytes.indexOf(0x0a, at);
        line += bytes.toString('latin1', at, end < 0 ? bytes.length : end);
        at = end < 0 ? bytes.length : end + 1;
        if (end >= 0) {
          left = parseInt(line, 16) || 0;
          line = '';
        }
      }
    }
    return wantsMore;
  };
}

fs.mkdirSync(directory, { recursive: true });
const answerS3 = new S3rver({ directory, silent: true, vhostBuckets: false }).callback();

const server = http.createServer((request, response) => {
  if (request.method === 'GET' && request.url === '/minio/health/live') {
    response.end();
    return;
  }
  if (request.headers['x-amz-content-sha256'] === 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD') {
    takeChunksApart(request);
  }
  answerS3(request, response);
});
server.listen(9000, '0.0.0.0', () => console.log(`serving ${directory} on port 9000`));
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => process.exit(0));
}
