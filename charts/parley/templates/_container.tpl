{{- /* All take (dict "root" $ "name" NAME "of" ENTRY). */}}
{{- define "parley.known" -}}
{{- $connections := .root.Values.connections -}}
{{- $name := .name -}}
{{- range .of.connects }}
{{- if not (hasKey $connections .) }}
{{- fail (printf "%s connects to %q, which is none of the connections %s" $name . (keys $connections | sortAlpha | join ", ")) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "parley.pod" -}}
{{- $values := .root.Values -}}
serviceAccountName: {{ .name }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $values.image.pullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
securityContext: {runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: {type: RuntimeDefault}}
volumes:
  - {name: tmp, emptyDir: {sizeLimit: 64Mi}}
  {{- with $values.caBundle.configMap }}
  - {name: ca, configMap: {name: {{ . }}}}
  {{- end }}
{{- end }}

{{- /* The keys that its Secret must have, as JSON. */}}
{{- define "parley.secretKeys" -}}
{{- $keys := .of.secret.keys -}}
{{- with .of.secret.keyOfEachService }}
{{- $prefix := . -}}
{{- range $service, $_ := $.root.Values.services }}
{{- $keys = append $keys (printf "%s_%s" $prefix ($service | upper | replace "-" "_")) -}}
{{- end }}
{{- end }}
{{- toJson $keys }}
{{- end }}

{{- define "parley.container" -}}
{{- include "parley.known" . -}}
{{- $values := .root.Values -}}
{{- $of := .of -}}
name: {{ .name }}
image: {{ $values.image.repository }}/{{ $of.image }}:{{ include "parley.version" . }}
imagePullPolicy: {{ $values.image.pullPolicy }}
{{- with $of.args }}
args: {{ toJson . }}
{{- end }}
envFrom:
  {{- range $of.connects }}
  - configMapRef: {name: parley-{{ . }}}
  {{- end }}
env:
  {{- if has "telemetry" $of.connects }}
  - {name: OTEL_SERVICE_NAME, value: {{ .name }}}
  {{- end }}
  {{- if $values.caBundle.configMap }}
  - {name: NODE_EXTRA_CA_CERTS, value: /etc/parley/ca/ca.pem}
  {{- end }}
  {{- range $key, $value := $of.env }}
  - {name: {{ $key }}, value: {{ $value | quote }}}
  {{- end }}
  {{- /* A container without its secret starts, says in its log what is missing, and ends: what Kubernetes waits for stands in no log. */}}
  {{- range $keys := list (include "parley.secretKeys" . | fromJsonArray) $of.secret.optionalKeys }}
  {{- range $keys }}
  - {name: {{ . }}, valueFrom: {secretKeyRef: {name: {{ $of.secret.name }}, key: {{ . }}, optional: true}}}
  {{- end }}
  {{- end }}
resources: {{ ternary $of.resources $values.defaults.resources (hasKey $of "resources") | toJson }}
securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
volumeMounts:
  - {name: tmp, mountPath: /tmp}
  {{- if $values.caBundle.configMap }}
  - {name: ca, mountPath: /etc/parley/ca, readOnly: true}
  {{- end }}
{{- end }}
