//! One test, every engine.

use std::future::Future;

use super::{World, postgres};
use crate::store::{DatabaseUrl, Durability, Options, Store};

/// Makes two tests of one: `name::sqlite` and `name::postgres`, each with a fresh store of its own.
///
/// `each_engine! { async fn name(store: Store) { … } }` has this program's migrations; `each_engine! { with
/// OPTIONS; async fn … }` opens the store with the [`Options`] that the expression makes; `each_engine! { async fn
/// name(world: World) { … } }` has a whole engine over it.
#[macro_export]
macro_rules! each_engine {
    ($(#[$meta:meta])* async fn $name:ident($store:ident: Store) $body:block $($rest:tt)*) => {
        $crate::each_engine! { with $crate::store::Options::default(); $(#[$meta])* async fn $name($store: Store) $body }
        $crate::each_engine! { $($rest)* }
    };
    (with $options:expr; $(#[$meta:meta])* async fn $name:ident($store:ident: Store) $body:block $($rest:tt)*) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn test($store: $crate::store::Store) $body

            #[test]
            fn sqlite() {
                $crate::lab::on_sqlite($options, test);
            }

            #[test]
            fn postgres() {
                $crate::lab::on_postgres($options, test);
            }
        }
        $crate::each_engine! { with $options; $($rest)* }
    };
    ($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block $($rest:tt)*) => {
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn test($world: World) $body

            #[test]
            fn sqlite() {
                $crate::lab::world_on_sqlite(test);
            }

            #[test]
            fn postgres() {
                $crate::lab::world_on_postgres(test);
            }
        }
        $crate::each_engine! { $($rest)* }
    };
    (with $options:expr;) => {};
    () => {};
}

/// Runs a test on a fresh SQLite file.
///
/// # Panics
/// When the test does.
pub fn on_sqlite<F: Future<Output = ()>>(options: Options, test: impl FnOnce(Store) -> F) {
    let folder = tempfile::tempdir().expect("a folder");
    run(&format!("sqlite:{}", folder.path().join("test.db").display()), options, test);
}

/// Runs a test on a fresh PostgreSQL database, where PostgreSQL is installed.
///
/// # Panics
/// When the test does, or when PostgreSQL is missing and `THUNDERLINE_REQUIRE_POSTGRES` is set.
pub fn on_postgres<F: Future<Output = ()>>(options: Options, test: impl FnOnce(Store) -> F) {
    if let Some(database) = postgres::fresh(options.migrations) {
        run(database.url(), options, test);
    }
}

/// Runs a test on a whole engine over a fresh SQLite file.
///
/// # Panics
/// When the test does.
pub fn world_on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(World) -> F) {
    let folder = tempfile::tempdir().expect("a folder");
    within(&format!("sqlite:{}", folder.path().join("test.db").display()), test);
}

/// Runs a test on a whole engine over a fresh PostgreSQL database, where PostgreSQL is installed.
///
/// # Panics
/// When the test does, or when PostgreSQL is missing and `THUNDERLINE_REQUIRE_POSTGRES` is set.
pub fn world_on_postgres<F: Future<Output = ()>>(test: impl FnOnce(World) -> F) {
    if let Some(database) = postgres::fresh(Options::default().migrations) {
        within(database.url(), test);
    }
}

fn within<F: Future<Output = ()>>(url: &str, test: impl FnOnce(World) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let world = World::open(url).await;
        test(world).await;
    });
}

fn run<F: Future<Output = ()>>(url: &str, options: Options, test: impl FnOnce(Store) -> F) {
    let url: DatabaseUrl = url.parse().expect("an address of a database");
    // What a test looks for survives a killed process; nobody cuts the power.
    let options = Options { durability: Durability::Process, ..options };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let store = Store::open(&url, options).await.expect("a store");
        test(store.clone()).await;
        store.close().await;
    });
}
