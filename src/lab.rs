//! The harness of tests.
