export {
  describeBackendConformance,
  type DescribeConformanceOptions,
} from "./describe-backend-conformance.ts";
