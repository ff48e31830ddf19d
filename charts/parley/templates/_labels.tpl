{{- /* All take (dict "root" $ "name" NAME). */}}
{{- define "parley.selector" -}}
app.kubernetes.io/name: parley, app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "parley.version" -}}
{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "parley.labels" -}}
{{ include "parley.selector" . }}, app.kubernetes.io/version: {{ include "parley.version" . | quote }}
{{- if not .root.Values.plainManifests }}, app.kubernetes.io/managed-by: {{ .root.Release.Service }}, helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}{{ end }}
{{- end }}

{{- /* Also takes "more", further labels. */}}
{{- define "parley.metadata" -}}
name: {{ .name }}
labels: { {{- include "parley.labels" . }}{{ with .more }}, {{ . }}{{ end -}} }
{{- end }}

{{- /* Takes (dict "of" SERVICE). An overlay finds the services that connect to something by these labels. */}}
{{- define "parley.connected" -}}
{{- range $i, $connection := .of.connects }}{{ if $i }}, {{ end }}parley/connects-{{ $connection }}: "true"{{ end }}
{{- end }}
