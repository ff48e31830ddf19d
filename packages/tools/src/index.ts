export { type ActionlintProgram, findActionlint } from './actionlint.ts';
export { cacheDir } from './cache-dir.ts';
export { type ChromiumInfo, type ChromiumOptions, findChromium } from './chromium.ts';
export type { Replica } from './cluster/replica.ts';
export { type ClusterOptions, type RunningCluster, startCluster } from './cluster/running-cluster.ts';
export { type BuilderOptions, canBuildImages, findBuilder as findImageBuilder } from './images/find-builder.ts';
export type { ContainerStart, ImageBuilder, ImageConfig } from './images/image-builder.ts';
export type { ImageContainer } from './images/image-container.ts';
export { type ImagesInfo, prepareImages } from './images/prepare.ts';
export { type BuiltImage, buildServiceImages, imageServices } from './images/service-images.ts';
export {
  type KafkaInfo,
  type KafkaNodeAction,
  type KafkaNodeInfo,
  type KafkaUpOptions,
  kafkaDown,
  kafkaNode,
  kafkaStatus,
  kafkaUp,
} from './kafka/cluster.ts';
export type { KafkaOptions } from './kafka/cluster-place.ts';
export {
  type KubeInfo,
  type KubeUpOptions,
  kubeBuild,
  kubectl,
  kubeDown,
  kubeIsBuilt,
  kubeLoadImages,
  kubeStatus,
  kubeUp,
} from './kube/cluster.ts';
export type { KubeForm, KubeOptions } from './kube/cluster-place.ts';
export { findHelm, type HelmPrograms } from './manifests/helm-program.ts';
export { npmEnv } from './npm-env.ts';
export type { OllamaModelName } from './ollama/model-source.ts';
export {
  canMakeOllama,
  type OllamaInfo,
  type OllamaUpOptions,
  ollamaDown,
  ollamaStatus,
  ollamaUp,
} from './ollama/server.ts';
export type { OllamaOptions } from './ollama/server-place.ts';
export { freePort } from './ports.ts';
export {
  type PostgresInfo,
  type PostgresUpOptions,
  postgresDown,
  postgresKill9,
  postgresRestart,
  postgresStatus,
  postgresUp,
} from './postgres/cluster.ts';
export type { PostgresOptions } from './postgres/cluster-place.ts';
export { postgresPromote, postgresStandbyUp, type StandbyOptions } from './postgres/standby.ts';
export { findPrograms as findPrometheus, type PrometheusPrograms } from './prometheus/programs.ts';
export {
  type PrometheusInfo,
  type PrometheusOptions,
  type PrometheusUpOptions,
  prometheusDown,
  prometheusStatus,
  prometheusUp,
} from './prometheus/server.ts';
export { type FileTimes, slowestFiles } from './slowest-files.ts';
