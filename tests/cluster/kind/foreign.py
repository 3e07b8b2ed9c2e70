"""Objects in an answer beside its Deployment, most of which no run may create."""

from __future__ import annotations

OTHERS = """
---
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: kube-system}
spec: {selector: {app: orders}, ports: [{port: 80}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: everything}
subjects: [{kind: Group, name: "system:serviceaccounts"}]
roleRef: {kind: ClusterRole, name: cluster-admin}
---
apiVersion: v1
kind: Namespace
metadata: {name: mine}
---
apiVersion: v1
kind: Pod
metadata: {name: free}
spec: {containers: [{name: a, image: b}]}
---
apiVersion: v1
kind: Secret
metadata: {name: taken, namespace: kube-system}
stringData: {TOKEN: not-one}
---
apiVersion: v1
kind: Secret
metadata: {name: a-token}
type: kubernetes.io/service-account-token
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: orders, namespace: kube-system}
automountServiceAccountToken: true
secrets: [{name: a-token}]
imagePullSecrets: [{name: a-token}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: default}
automountServiceAccountToken: true
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: orders}
spec: {maxReplicas: 1, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: orders}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: everything}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{}]}
"""
