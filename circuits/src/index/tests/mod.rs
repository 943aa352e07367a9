//! Predicate and constraints held together: both accept honest witnesses, and for every rule an
//! attack that breaks it alone is rejected by both, for that reason.
