import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OpenApiDocument, Operation } from './read-operations.js';

const DOCUMENT_ID = 'openapi';
const PROBLEMS_SHOWN = 3;

/** What a JSON answer has that the document does not say of it; empty where all is as described. */
export type CheckShape = (operation: Operation, status: number, body: unknown) => string[];

/** Holds answers against the schemas of the OpenAPI document. */
export function createShapeCheck(document: OpenApiDocument): CheckShape {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, DOCUMENT_ID);
  const pointer = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1');
  return ({ method, path }, status, body) => {
    const answer = document.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
    const place =
      answer !== undefined && '$ref' in answer
        ? answer.$ref.replace('#/', '').split('/')
        : ['paths', path, method.toLowerCase(), 'responses', String(status)];
    const steps = [...place, 'content', 'application/json', 'schema'];
    const validate = ajv.getSchema(`${DOCUMENT_ID}#/${steps.map(pointer).map(encodeURIComponent).join('/')}`);
    if (validate === undefined) return [`JSON with ${status}, which the document does not describe`];
    if (validate(body) === true) return [];
    return (validate.errors ?? [])
      .slice(0, PROBLEMS_SHOWN)
      .map(({ instancePath, message }) => `not as described: ${instancePath} ${message}`);
  };
}
