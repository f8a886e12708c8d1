# Thin on purpose: each target is a script in .ci/, which says what it does.
.PHONY: help run dev test corpus load lanes

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 14

run: ## build the release and start it on http://127.0.0.1:3000
	@.ci/start

dev: ## the same, rebuilt and reloaded whenever a source file changes
	@.ci/dev

test: ## every check and every test
	@.ci/test

corpus: ## build a chat history of 258,145 real messages, to import
	@.ci/corpus

load: ## the load generator; ARGS="--help" says what it can do
	@.ci/load $(ARGS)

lanes: ## what the durable lanes promise, proved by force; ARGS="--help" says what there is
	@.ci/lanes $(ARGS)
