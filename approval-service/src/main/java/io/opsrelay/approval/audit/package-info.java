/** Shows admins the audit log of this service: what was asked, decided and changed about approvals and policies. */
@NullMarked
package io.opsrelay.approval.audit;

import org.jspecify.annotations.NullMarked;
