import { kafka } from './kafka/cluster.ts';
import { kube } from './kube/cluster.ts';
import { ollama } from './ollama/server.ts';
import { postgres } from './postgres/cluster.ts';
import { prometheus } from './prometheus/server.ts';

export { type ActionlintProgram, findActionlint } from './actionlint.ts';
export { type ChromiumInfo, type ChromiumOptions, findChromium } from './chromium.ts';
export type { Replica } from './cluster/replica.ts';
export { type ClusterOptions, type RunningCluster, startCluster } from './cluster/running-cluster.ts';
export { cacheDir } from './component/place.ts';
export { npmEnv } from './component/shared-folder.ts';
export { buildKubernetes, componentFinders } from './component-finders.ts';
export {
  type ComponentFinder,
  type FoundComponents,
  findComponents,
  type TestRun,
} from './components-for-tests.ts';
export { type CopiedTree, copyTree } from './copied-tree.ts';
export {
  type BuilderOptions,
  canBuildImages,
  findBuilder as findImageBuilder,
  type ImagesInfo,
  prepareImages,
} from './images/find-builder.ts';
export type { ContainerStart, ImageBuilder, ImageConfig, ImageContainer } from './images/image-builder.ts';
export { type BuiltImage, buildServiceImages, imageServices } from './images/service-images.ts';
export {
  type KafkaInfo,
  type KafkaNodeAction,
  type KafkaNodeInfo,
  type KafkaOptions,
  type KafkaUpOptions,
  kafkaNode,
} from './kafka/cluster.ts';
export { type KubeInfo, type KubeUpOptions, kubeBuild, kubectl, kubeIsBuilt, kubeLoadImages } from './kube/cluster.ts';
export type { KubeForm, KubeOptions } from './kube/place.ts';
export { findHelm, type HelmPrograms } from './manifests/helm-program.ts';
export type { OllamaModelName } from './ollama/model-source.ts';
export { canMakeOllama, type OllamaInfo, type OllamaOptions, type OllamaUpOptions } from './ollama/server.ts';
export { freePort } from './ports.ts';
export {
  type PostgresInfo,
  type PostgresOptions,
  type PostgresUpOptions,
  postgresKill9,
  postgresRestart,
} from './postgres/cluster.ts';
export { postgresPromote, postgresStandbyUp, type StandbyOptions } from './postgres/standby.ts';
export { findPrograms as findPrometheus, type PrometheusPrograms } from './prometheus/programs.ts';
export type { PrometheusInfo, PrometheusOptions, PrometheusUpOptions } from './prometheus/server.ts';
export { type FileTimes, slowestFiles } from './slowest-files.ts';

export const { up: kafkaUp, down: kafkaDown, status: kafkaStatus } = kafka;
export const { up: kubeUp, down: kubeDown, status: kubeStatus } = kube;
export const { up: ollamaUp, down: ollamaDown, status: ollamaStatus } = ollama;
export const { up: postgresUp, down: postgresDown, status: postgresStatus } = postgres;
export const { up: prometheusUp, down: prometheusDown, status: prometheusStatus } = prometheus;
