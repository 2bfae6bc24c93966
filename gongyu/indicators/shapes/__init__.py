"""The six shapes of duty, each a pure Ibis expression over facts and places; no Django here."""
