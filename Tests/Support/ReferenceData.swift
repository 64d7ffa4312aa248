public enum ReferenceData {}
