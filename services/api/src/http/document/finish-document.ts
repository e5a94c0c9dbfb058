import type { SwaggerTransformObject } from '@fastify/swagger';
import { jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { ANSWER_HEADERS, headerRefs } from './answer-headers.js';
import { BODY_EXAMPLES } from './body-examples.js';
import { errorExample, exampleOf } from './example-of.js';
import { nameComponents } from './name-components.js';
import {
  operationsOf,
  type DocumentedAnswer,
  type Media,
  type OpenApiDocument,
  type Operation,
  type RouteFrame,
} from './openapi-types.js';
import { namedAnswers, answerNameOf } from './named-answers.js';

const IDEMPOTENCY_KEY = {
  in: 'header',
  name: 'Idempotency-Key',
  required: false,
  description:
    'Names the request: for 24 hours the same key with the same body gets the kept answer, and nothing is done twice',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]{1,255}$' },
  example: 'b7a1f0c2-import-7',
};
const ERROR = '#/components/schemas/Error';

const FRAMELESS: RouteFrame = { keepsAnswers: false, needsBody: true, csvColumns: null, answerHeaders: [] };

function giveExample(document: OpenApiDocument, answer: DocumentedAnswer, media: Media): void {
  const name = media.schema.$ref?.split('/').at(-1);
  if (media.schema.$ref === ERROR || name === 'IntegrationConflict') media.example = errorExample(answer.description);
  else if (name === undefined) media.example = exampleOf(document, media.schema);
  else {
    const examples = (document.components['examples'] ??= {});
    examples[name] ??= { value: exampleOf(document, media.schema) };
    media.examples = { default: { $ref: `#/components/examples/${name}` } };
  }
}

function describeAnswer(document: OpenApiDocument, answer: DocumentedAnswer, status: string, frame: RouteFrame): void {
  const isSuccess = status.startsWith('2');
  const json = answer.content?.['application/json'];
  answer.headers = headerRefs([
    'X-Request-Id',
    ...(isSuccess ? frame.answerHeaders : []),
    ...(isSuccess && frame.keepsAnswers ? ['Idempotency-Replayed'] : []),
    ...(status === '503' && json?.schema.$ref === ERROR ? ['Retry-After'] : []),
  ]);
  if (json !== undefined) giveExample(document, answer, json);
  if (isSuccess && frame.csvColumns !== null) {
    const description = 'A header line, then every row, without pages';
    const example = `${frame.csvColumns.join(',')}\r\n`;
    (answer.content ??= {})['text/csv'] = { schema: { type: 'string', description }, example };
  }
}

function describeOperation(document: OpenApiDocument, operation: Operation): void {
  const { 'x-frame': frame = FRAMELESS, requestBody } = operation;
  delete operation['x-frame'];
  if (frame.keepsAnswers) {
    operation.parameters = [...(operation.parameters ?? []), { $ref: '#/components/parameters/IdempotencyKey' }];
  }
  if (requestBody !== undefined) {
    requestBody.required = frame.needsBody;
    const example = BODY_EXAMPLES[operation.operationId];
    if (example !== undefined) for (const media of Object.values(requestBody.content)) media.example = example;
  }
  for (const [status, answer] of Object.entries(operation.responses)) {
    if ('$ref' in answer) continue;
    const named = answerNameOf(answer);
    if (named === null) describeAnswer(document, answer, status, frame);
    else operation.responses[status] = { $ref: `#/components/responses/${named}` };
  }
}

/** Brings the document that the routes make into its form: names, shared answers, headers, examples. */
export function finishDocument(made: OpenApiDocument): OpenApiDocument {
  const document = nameComponents(made);
  Object.assign(document.components, {
    responses: namedAnswers(),
    parameters: { IdempotencyKey: IDEMPOTENCY_KEY },
    headers: ANSWER_HEADERS,
  });
  for (const { operation } of operationsOf(document)) describeOperation(document, operation);
  return document;
}

/** The same as @fastify/swagger calls it. */
export const transformDocument: SwaggerTransformObject = (described) =>
  finishDocument(jsonSchemaTransformObject(described) as unknown as OpenApiDocument);
