"""What a clinician is told at one look: a patient, a problem, a hospital stay, what is new since a day."""
