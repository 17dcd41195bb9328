//! The service's routes.

mod forms;
mod routes;

pub use routes::{Exposure, router, serve};
