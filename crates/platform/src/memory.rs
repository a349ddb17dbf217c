//! What wings remember while the program runs: one value per type, shared by everything that uses the same database.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The memory of an [`App`](crate::App). Cheap to clone.
#[derive(Clone, Default)]
pub struct Memory(Arc<RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>);

impl Memory {
    /// The one value of this type, made when it is first asked for.
    pub fn of<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let id = TypeId::of::<T>();
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        let kept = known.unwrap_or_else(|| {
            let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
            all.entry(id).or_insert_with(|| Arc::new(T::default())).clone()
        });
        // The key is the type of the value, so this never makes another one.
        kept.downcast().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn one_value_per_type_and_memory() {
        let memory = Memory::default();
        memory.of::<AtomicU64>().store(7, Ordering::Relaxed);
        assert_eq!(memory.clone().of::<AtomicU64>().load(Ordering::Relaxed), 7);
        assert_eq!(Memory::default().of::<AtomicU64>().load(Ordering::Relaxed), 0);
    }
}
