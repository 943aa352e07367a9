//! Orders of rows.

/// `values` in the order of `order`, which names each place once.
pub(super) fn permute<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    let place = |&i: &u32| usize::try_from(i).ok().and_then(|i| values.get(i)).copied();
    order.iter().filter_map(place).collect()
}
