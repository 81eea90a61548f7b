#!/usr/bin/env bash
# Checks the examples with the tools and the schemas of the systems that read them: check-examples.sh BINARY
#
# Installs exact versions of the tools into a temporary folder: those of scripts/example-tools/package-lock.json, and Go programs.
# `go test ./examples` tests what the examples run.
set -euo pipefail
binary=$(realpath "${1:?usage: check-examples.sh BINARY}")
cd "$(dirname "$0")/.."
. scripts/not-run.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() {
	printf '%s\n' "$1"
	exit 1
}

# refused COMMAND... asserts that a checker refuses a broken file: one that accepts everything checks nothing.
refused() {
	if "$@" >"$scratch/refused" 2>&1; then
		cat "$scratch/refused"
		fail "a broken file passes: $*"
	fi
}

node_tools() {
	mkdir "$scratch/node"
	cp scripts/example-tools/package.json scripts/example-tools/package-lock.json scripts/example-tools/.npmrc "$scratch/node"
	(cd "$scratch/node" && npm ci --loglevel=error)
}

github() {
	local validator=$scratch/node/node_modules/.bin/action-validator file copy
	mkdir "$scratch/github"
	for file in action.yml binary/action.yml .github/workflows/*.yml examples/github-actions/*.yml; do
		# The validator's schema is older than the permission "attestations". actionlint knows it and reads the unchanged file.
		copy=$scratch/github/$(basename "$file")
		sed '/^ *attestations: write$/d' "$file" >"$copy"
		"$validator" "$copy" || fail "$file does not follow the published schema"
	done
	sed 's/timeout-minutes/timeout/' examples/github-actions/nightly.yml >"$scratch/broken.yml"
	refused "$validator" "$scratch/broken.yml"
	echo "GitHub Actions: both actions and all workflows follow the published schemas"
}

circleci() {
	cat >"$scratch/node/circleci.cjs" <<'JS'
const { parseConfig } = require('@circleci/circleci-config-parser');
parseConfig(require('fs').readFileSync(process.argv[2], 'utf8'));
JS
	node "$scratch/node/circleci.cjs" examples/circleci/config.yml
	sed 's/store_test_results/store_results/' examples/circleci/config.yml >"$scratch/broken.yml"
	refused node "$scratch/node/circleci.cjs" "$scratch/broken.yml"
	echo "CircleCI: config.yml follows the schemas of CircleCI's config parser"
}

buildkite() {
	# The types of Buildkite's SDK are made from its pipeline schema; a property that they lack is an error.
	cat >"$scratch/node/buildkite.mjs" <<'JS'
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
const { steps, ...rest } = parse(readFileSync(process.argv[2], 'utf8'));
console.log(`import type { CommandStep } from '@buildkite/buildkite-sdk';
export const rest: { agents?: object; env?: object; notify?: object } = ${JSON.stringify(rest)};
export const steps: CommandStep[] = ${JSON.stringify(steps)};`);
JS
	# shellcheck disable=SC2329 # called through refused
	typed() {
		node "$scratch/node/buildkite.mjs" "$1" >"$scratch/node/pipeline.ts" &&
			"$scratch/node/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck --module nodenext --moduleResolution nodenext "$scratch/node/pipeline.ts"
	}
	typed examples/buildkite/pipeline.yml
	sed 's/timeout_in_minutes/timeout_minutes/' examples/buildkite/pipeline.yml >"$scratch/broken.yml"
	refused typed "$scratch/broken.yml"
	echo "Buildkite: pipeline.yml follows the types of Buildkite's SDK"
}

# gitlab runs the jobs unchanged, with the program on PATH instead of the image, against the built-in simulator.
gitlab() {
	local project=$scratch/gitlab broken=$scratch/gitlab-broken
	mkdir -p "$scratch/path" "$project"
	cp "$binary" "$scratch/path/assistant-gate"
	cp examples/gitlab/.gitlab-ci.yml "$project"
	(
		cd "$project"
		git init --quiet --initial-branch main
		git -c user.name=x -c user.email=x@example.com commit --quiet --allow-empty --message x
		git add .
		git init --quiet --bare ../gitlab.git
		git remote add origin ../gitlab.git
		git push --quiet origin main
		git remote set-head origin main
	)
	cp -r "$project" "$broken"
	sed -i 's/junit:/junits:/' "$broken/.gitlab-ci.yml"
	refused gitlab_job "$broken" --list

	local candidate=(--variable CANDIDATE_VERSION=20261120T141500000002)
	local request=(--variable CI_PIPELINE_SOURCE=merge_request_event)
	gitlab_job "$project" assistant-gate "${candidate[@]}" || { cat "$scratch/job"; fail "GitLab: a gate that passes failed"; }
	local artifacts=$project/.gitlab-ci-local/artifacts/assistant-gate
	grep -q 'tests="9"' "$artifacts/test-reports/TEST-assistant-gate.xml"
	grep -qx 'GATE_VERDICT=passed' "$artifacts/.gitlab-ci-reports/dotenv/test-reports/assistant-gate.env"
	refused gitlab_job "$project" assistant-gate
	refused gitlab_job "$project" assistant-gate "${candidate[@]}" --variable ASSISTANT_GATE_TIMEOUT=1s
	# gitlab-ci-local itself exits with 0 if allow_failure names exit codes, so its line about the job is what counts.
	gitlab_job "$project" assistant-gate-of-merge-request "${request[@]}" || true
	grep -q '^ FAIL .*assistant-gate-of-merge-request' "$scratch/plain" || fail "GitLab: a gate without a version does not block a merge request"
	gitlab_job "$project" assistant-gate-of-merge-request "${request[@]}" "${candidate[@]}" --variable ASSISTANT_GATE_TIMEOUT=1s || true
	grep -q '^ WARN .*assistant-gate-of-merge-request' "$scratch/plain" || fail "GitLab: a gate that ran out of time blocks a merge request"
	echo "GitLab: .gitlab-ci.yml follows the schema, its jobs ran, artifacts, dotenv and allow_failure work"
}

gitlab_job() {
	local folder=$1 code=0
	shift
	(cd "$folder" && PATH="$scratch/path:$PATH" "$scratch/node/node_modules/.bin/gitlab-ci-local" "$@" --force-shell-executor --home "$scratch" \
		--variable ASSISTANT_GATE_BASE_URL=simulator --variable ASSISTANT_ID=assistant-7c1f4c0e-2d53-4b0a-9a34-5f6f2b6f9d11) >"$scratch/job" 2>&1 || code=$?
	sed 's/\x1b\[[0-9;]*m//g' "$scratch/job" >"$scratch/plain"
	return "$code"
}

jenkins() {
	local lint=$scratch/node/node_modules/.bin/npm-groovy-lint
	mkdir -p "$scratch/jenkins" "$scratch/jenkins-broken"
	cp examples/jenkins/Jenkinsfile "$scratch/jenkins"
	sed 's/steps {/steps {{/' examples/jenkins/Jenkinsfile >"$scratch/jenkins-broken/Jenkinsfile"
	"$lint" --path "$scratch/jenkins" --files '**/Jenkinsfile' --output txt --failon warning --no-insight --noserver >"$scratch/lint" 2>&1 ||
		{ cat "$scratch/lint"; fail "Jenkins: the Jenkinsfile does not pass"; }
	refused "$lint" --path "$scratch/jenkins-broken" --files '**/Jenkinsfile' --output txt --failon warning --no-insight --noserver
	echo "Jenkins: the Jenkinsfile is valid Groovy and CodeNarc accepts it"
}

# github_jobs runs the nightly workflow with nektos/act on a Docker engine. The action's image contains only the program, and a
# listing of the folder replaces the upload.
github_jobs() {
	local work=$scratch/act image=assistant-gate-examples
	mkdir -p "$work/repo/.github/workflows" "$work/action" "$work/upload" "$work/image/tmp" "$work/machine/bin" "$work/machine/tmp"
	cp "$binary" "$work/image/assistant-gate"
	tar -C "$work/image" -cf "$work/image.tar" .
	docker import --change 'ENTRYPOINT ["/assistant-gate"]' "$work/image.tar" "$image:gate" >/dev/null
	cp "$(command -v busybox)" "$work/machine/bin/busybox"
	for applet in sh bash ls tail cat head mkdir cp rm test echo sleep chmod env uname; do
		ln -s busybox "$work/machine/bin/$applet"
	done
	tar -C "$work/machine" -cf "$work/machine.tar" .
	docker import "$work/machine.tar" "$image:machine" >/dev/null
	sed "s,^  image: .*,  image: docker://$image:gate," action.yml >"$work/action/action.yml"
	cat >"$work/upload/action.yml" <<'YAML'
name: upload
inputs: {name: {required: true}, path: {required: true}, overwrite: {required: false}, if-no-files-found: {required: false}}
runs:
  using: composite
  steps:
    - run: ls "${{ inputs.path }}"
      shell: sh
YAML
	cp examples/github-actions/nightly.yml "$work/repo/.github/workflows"
	git init --quiet --initial-branch main "$work/repo"
	git -C "$work/repo" -c user.name=x -c user.email=x@example.com commit --quiet --allow-empty --message x
	github_job ASSISTANT_ID=assistant-7c1f4c0e-2d53-4b0a-9a34-5f6f2b6f9d11 || { cat "$scratch/act.log"; fail "GitHub Actions: a gate that passes failed"; }
	grep -q 'TEST-nightly.xml' "$scratch/act.log"
	refused github_job ASSISTANT_ID=assistant-0
	docker image rm "$image:gate" "$image:machine" >/dev/null
	echo "GitHub Actions: act ran the nightly workflow, a gate that passes and one with an invalid input"
}

github_job() {
	(cd "$scratch/act/repo" && "$scratch/bin/act" workflow_dispatch --rm --platform ubuntu-latest=assistant-gate-examples:machine --pull=false \
		--action-offline-mode --network none --container-daemon-socket - --env ASSISTANT_GATE_BASE_URL=simulator \
		--local-repository "OWNER/assistant-gate@v1=$scratch/act/action" --local-repository "actions/upload-artifact@v4=$scratch/act/upload" \
		--secret TELNYX_API_KEY=SIMULATOR --var "$1") >"$scratch/act.log" 2>&1
}

helm_chart() {
	"$HELM" lint --strict --set 'versionId=v,assistantId=a,testSuites={Booking}' examples/helm
	go test -run Helm ./examples
	(cd acceptance && go test -run Manifest .)
}

# go_tool PACKAGE@VERSION installs a program into the folder bin.
go_tool() { GOBIN=$scratch/bin GOFLAGS=-mod=mod go install "$1" 2>"$scratch/go"; }

if ! need npm nodejs npm; then
	not_run "examples: GitHub, CircleCI, Buildkite, GitLab, Jenkins" "Node.js and npm cannot be installed"
elif ! node_tools >"$scratch/npm" 2>&1; then
	cat "$scratch/npm"
	not_run "examples: GitHub, CircleCI, Buildkite, GitLab, Jenkins" "npm cannot install their tools"
else
	github
	circleci
	buildkite
	if need rsync rsync; then gitlab; else not_run "examples: GitLab's jobs" "rsync cannot be installed"; fi
	if need java default-jre-headless; then jenkins; else not_run "examples: the Jenkinsfile" "Java cannot be installed"; fi
fi
export HELM=${HELM:-$scratch/bin/helm}
if [ -x "$HELM" ] || go_tool helm.sh/helm/v3/cmd/helm@v3.19.2; then
	helm_chart
else
	not_run "examples: the Helm chart" "Helm cannot be built"
fi
if ! docker info >/dev/null 2>&1; then
	not_run "examples: the GitHub workflow by act" "there is no Docker engine"
elif ! need busybox busybox-static || ! go_tool github.com/nektos/act@v0.2.89; then
	not_run "examples: the GitHub workflow by act" "busybox or act cannot be installed"
else
	github_jobs
fi
