"""What members hand in for others: quota, sender seal, stamp, waiting, sending."""
